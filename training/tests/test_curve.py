# SPDX-License-Identifier: Apache-2.0
"""Packs whose quality falls are refused, and drawings are the same each time."""
import numpy as np
import pytest
import torch

import export
from semcodec import drawings


def rising(count):
    return [(100.0 * i, 20.0 + 2 * i) for i in range(count)]


def test_a_curve_that_rises_is_taken():
    assert export.falls(rising(len(export.CURVE))) == []


@pytest.mark.parametrize('at, point', [(5, (350.0, 30.0)), (5, (550.0, 27.0))])
def test_fewer_bits_and_worse_pictures_are_found(at, point):
    points = rising(8)
    points[at] = point
    assert len(export.falls(points)) == 1


def test_rounding_at_the_top_is_no_fall():
    assert export.falls([(100.0, 66.0), (110.0, 63.0)]) == []


class Silenced:
    """A codec that forgets the picture at high quality."""

    def __call__(self, x, qi, soft, compare):
        out = x if qi.item() < 200 else torch.zeros_like(x)
        return torch.tensor([1000.0 + qi.item()]), None, out, None


class Gray:
    def batch(self, n):
        return torch.full((n, 3, 64, 64), 99.0)


def test_a_codec_that_ruins_pictures_near_the_top_is_not_exported():
    with pytest.raises(SystemExit, match='falls: a photograph, index 208'):
        export.check_curve(Silenced(), Gray())


@pytest.mark.parametrize('number', range(len(drawings.KINDS)))
def test_a_drawing_is_the_same_each_time(number):
    first, again = np.asarray(drawings.drawing(number)), np.asarray(drawings.drawing(number))
    assert first.shape == (drawings.SIDE, drawings.SIDE, 3)
    assert (first == again).all()
    assert first.std() > 0
