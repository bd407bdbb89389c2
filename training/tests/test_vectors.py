# SPDX-License-Identifier: Apache-2.0
"""The numbers that the Java tests read are those of this code."""
import json

import pytest

import vectors


def same(now, kept):
    if isinstance(kept, dict):
        assert now.keys() == kept.keys()
        for name in kept:
            same(now[name], kept[name])
    elif isinstance(kept, list) and not isinstance(kept[0], (int, float)):
        assert len(now) == len(kept)
        for a, b in zip(now, kept):
            same(a, b)
    else:
        assert now == pytest.approx(kept, rel=1e-4, abs=2e-3)


@pytest.mark.parametrize('path, compute', [(vectors.COEFFICIENTS, vectors.coefficients), (vectors.PERCEPTION, vectors.perception)])
def test_vectors_are_kept(path, compute):
    with open(path) as f:
        same(compute(), json.load(f))
