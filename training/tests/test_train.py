# SPDX-License-Identifier: Apache-2.0
"""A run begins, is interrupted and goes on; what it writes can be read."""
import os
import pickle
import re
import subprocess
import sys

import numpy as np
import pytest
import torch

import merge
import train
from semcodec import codec, safetensors

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SMALL = ['--hidden', '8,8,8,8,8,8', '--context', '4,4,4,4,4', '--train', 'prior,synthesis,analysis', '--batch', '1', '--crop', '128', '--threads', '1']


@pytest.fixture
def photographs(tmp_path):
    """A folder as prepare.py writes it, of two pictures of noise and slopes."""
    side = 160
    x = np.arange(side)
    pictures = [np.stack([128 + 60 * np.sin(x[:, None] / 9) + 0.3 * x + np.random.RandomState(i).randn(side, side) * 9] * 3, 2).clip(0, 255).astype(np.uint8) for i in range(2)]
    (tmp_path / 'images.bin').write_bytes(b''.join(p.tobytes() for p in pictures))
    np.save(tmp_path / 'index.npy', np.array([[i * side * side * 3, side, side] for i in range(2)]))
    return tmp_path


def run(photographs, *options):
    done = subprocess.run([sys.executable, os.path.join(ROOT, 'train.py'), '--data', str(photographs), *options], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_run_goes_on_where_it_was_interrupted(photographs):
    out = str(photographs / 'a.pt')
    run(photographs, '--out', out, *SMALL, '--minutes', '0.02', '--muon')
    first = codec.checkpoint(out)
    assert first['step'] > 0 and all(torch.isfinite(v).all() for v in first['ema'].values())
    said = run(photographs, '--out', out, *SMALL, '--minutes', str(first['minutes'] + 0.02), '--muon', '--resume', out)
    assert codec.checkpoint(out)['step'] > first['step']
    assert int(re.search(r'step (\d+)', said).group(1)) == codec.checkpoint(out)['step']


def test_two_processes_learn_the_same_weights(photographs):
    out = str(photographs / 'a.pt')
    run(photographs, '--out', out, *SMALL, '--minutes', '0.02', '--processes', '2')
    assert codec.checkpoint(out)['step'] > 0


def test_a_checkpoint_with_code_in_it_is_refused(tmp_path):
    path = tmp_path / 'a.pt'
    torch.save({'shape': print}, path)
    with pytest.raises(pickle.UnpicklingError):
        codec.checkpoint(path)


def test_rates_rise_then_stay_then_fall():
    assert train.rate_at(0.0, 0) == 0.01
    assert train.rate_at(0.3, 500) == 1
    assert train.rate_at(1.0, 500) == 0.02


def test_the_mean_of_two_checkpoints_leaves_integers():
    a, b = {'w': torch.tensor([1.0]), 'n': torch.tensor([3])}, {'w': torch.tensor([2.0]), 'n': torch.tensor([5])}
    assert merge.mean(a, b) == {'w': torch.tensor([1.5]), 'n': torch.tensor([3])}


def test_tensors_come_back_from_a_file(tmp_path):
    tensors = {'a': np.arange(6, dtype=np.float16).reshape(2, 3), 'b': np.array([-7], np.int8)}
    safetensors.write(tmp_path / 'x.safetensors', tensors, {'format': 'pt'})
    back = safetensors.read(tmp_path / 'x.safetensors')
    assert back.keys() == tensors.keys() and all(back[k].dtype == v.dtype and (back[k] == v).all() for k, v in tensors.items())


def test_a_prior_learns_alone(photographs):
    whole, out = str(photographs / 'a.pt'), str(photographs / 'b.pt')
    run(photographs, '--out', whole, *SMALL, '--minutes', '0.02')
    run(photographs, '--out', out, *SMALL, '--train', 'prior', '--minutes', '0.02', '--start', whole)
    before, after = codec.checkpoint(whole)['ema'], codec.checkpoint(out)['ema']
    changed = {name.split('.')[0] for name in before if not torch.allclose(before[name], after[name])}
    assert changed == {'prior'}
