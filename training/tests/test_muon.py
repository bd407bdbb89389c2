# SPDX-License-Identifier: Apache-2.0
import torch

from semcodec import muon


def iterated(x):
    a, b, c = muon.COEFFICIENTS
    x = x / x.norm(dim=(1, 2), keepdim=True)
    for _ in range(muon.ITERATIONS):
        square = x @ x.transpose(1, 2)
        x = a * x + (b * square + c * square @ square) @ x
    return x


def test_steps_found_on_squares_are_those_of_the_iteration():
    torch.manual_seed(1)
    x = torch.randn(3, 12, 40) * torch.logspace(0, -3, 12)[None, :, None]
    torch.testing.assert_close(muon.orthogonal(x), iterated(x), rtol=1e-4, atol=1e-5)


def test_matrices_of_low_rank_stay_finite():
    torch.manual_seed(1)
    x = torch.randn(2, 64, 1) @ torch.randn(2, 1, 200)
    assert muon.orthogonal(x, torch.bfloat16).norm(dim=(1, 2)).max() < 2
