# SPDX-License-Identifier: Apache-2.0
"""What packs hold: python3 -m pytest training/tests"""
import hashlib
import json

import numpy as np

from export import net_tensors
from semcodec import coefficient_net, pack, safetensors


def test_bytes_lose_half_a_step_at_most():
    weight = np.random.default_rng(1).normal(size=(4, 8, 3, 3)).astype(np.float32) * np.array([1, .01, 5, 0])[:, None, None, None]
    tensors = pack.in_bytes('x', weight)
    back = tensors['x.weight'] * tensors['x.scale'][:, None, None, None]
    assert tensors['x.weight'].dtype == np.int8 and tensors['x.scale'].shape == (4,)
    assert (np.abs(back - weight) <= .51 * tensors['x.scale'][:, None, None, None]).all()


def test_a_network_has_its_convolutions_in_bytes_and_all_else_as_before():
    net = coefficient_net.CoefficientNet(8, 2)
    halves, in_bytes = net_tensors('net', net), net_tensors('net', net, in_bytes=True)
    convolutions = [name for name, value in halves.items() if value.ndim == 4]
    assert len(convolutions) == 6
    assert set(in_bytes) == set(halves) | {name.replace('.weight', '.scale') for name in convolutions}
    for name, value in in_bytes.items():
        assert value.dtype == (np.int8 if name in convolutions else np.float32 if name.endswith('.scale') else np.float16)


def test_a_manifest_vouches_for_the_weights(tmp_path):
    size = pack.write(str(tmp_path / 'some-1'), 'w.safetensors', {'a': np.zeros(3, np.int8)}, {'number': 9})
    manifest = json.loads((tmp_path / 'some-1' / 'manifest.json').read_text())
    blob = (tmp_path / 'some-1' / 'w.safetensors').read_bytes()
    assert list(manifest) == ['id', 'number', 'files'] and manifest['id'] == 'some-1'
    assert manifest['files'] == {'w.safetensors': {'bytes': size, 'sha256': hashlib.sha256(blob).hexdigest()}}
    assert blob == safetensors.dump({'a': np.zeros(3, np.int8)})
