# SPDX-License-Identifier: Apache-2.0
"""What the loss is made of, compiled and by PyTorch, and what it must say of pictures."""
import pytest
import torch

from semcodec import butteraugli, fast, ssimulacra2
from test_fast import check, seed  # noqa: F401

compiled = pytest.mark.skipif(fast.library() is None, reason='no compiler')


def planes(n, scale=1.0):
    return [scale * torch.randn(2, 9, 13) for _ in range(n)]


@compiled
def test_linear_light(monkeypatch):
    check(monkeypatch, ssimulacra2.linear, torch.linspace(-20, 280, 1000)[None])


@compiled
@pytest.mark.parametrize('output', range(3))
def test_xyb(monkeypatch, output):
    check(monkeypatch, lambda x: ssimulacra2.xyb(x)[:, output], torch.rand(2, 3, 9, 13), rtol=1e-4)


@compiled
@pytest.mark.parametrize('output', range(2))
def test_products(monkeypatch, output):
    p, q = planes(2)
    check(monkeypatch, lambda q: ssimulacra2.products(p, q)[output], q)


@compiled
@pytest.mark.parametrize('kind', range(3))
@pytest.mark.parametrize('norm', range(2))
def test_norms_of_maps(monkeypatch, kind, norm):
    p, q = planes(2, 0.1)
    mp, mq, squares = ssimulacra2.blur(p), ssimulacra2.blur(q), ssimulacra2.blur(p * p + q * q)
    check(monkeypatch, lambda q, mq, squares, product: ssimulacra2.norms(p, q, mp, mq, squares, product)[kind][norm], q, mq, squares, ssimulacra2.blur(p * q), rtol=1e-4)


@compiled
@pytest.mark.parametrize('output', range(3))
def test_response_of_the_eye(monkeypatch, output):
    check(monkeypatch, lambda x: butteraugli.opsin(x)[:, output], torch.rand(2, 3, 9, 13), rtol=1e-4, atol=1e-4)


@compiled
@pytest.mark.parametrize('output', range(4))
def test_fine_bands(monkeypatch, output):
    check(monkeypatch, lambda *p: butteraugli.fine_bands(*p)[output], *planes(4, 20))


@compiled
def test_red_green_where_luma_is_busy(monkeypatch):
    check(monkeypatch, butteraugli.suppressed, *planes(2, 5))


@compiled
def test_difference_along_lines(monkeypatch):
    a, b = planes(2)
    check(monkeypatch, lambda b: butteraugli.along_lines(a, b, 1.1, 0.9, 7.0, 0.04), b)
    check(monkeypatch, lambda b: butteraugli.asymmetric(a, b, 400.0), b, rtol=1e-4, atol=1e-3)


@pytest.mark.parametrize('loss', [ssimulacra2.error, butteraugli.error])
def test_gradient_is_the_slope(monkeypatch, loss):
    x = 255 * torch.rand(1, 3, 1, 1) * torch.ones(1, 3, 128, 128) * 0.5 + 60 * torch.rand(1, 3, 128, 128)
    y = (x + 8 * torch.randn_like(x)).requires_grad_()
    loss(x, y).sum().backward()
    step = 2 * y.grad / y.grad.norm()
    slope = (loss(x, y + step) - loss(x, y - step)).item() / 2
    assert slope == pytest.approx((y.grad * step).sum().item(), rel=0.02)


@pytest.mark.parametrize('loss', [ssimulacra2.error, butteraugli.error])
@compiled
def test_loss_is_that_of_pytorch(monkeypatch, loss):
    x = 255 * torch.rand(2, 3, 128, 128)
    y = x + 10 * torch.randn_like(x)
    values = []
    for enabled in (True, False):
        monkeypatch.setattr(fast, 'ENABLED', enabled)
        values.append(loss(x, y))
    torch.testing.assert_close(*values, rtol=1e-4, atol=1e-4)


def test_less_is_seen_of_a_smaller_error():
    x = 255 * torch.rand(1, 3, 128, 128)
    noise = torch.randn_like(x)
    for loss in (ssimulacra2.error, butteraugli.error):
        assert loss(x, x + 2 * noise) < loss(x, x + 8 * noise)
    assert ssimulacra2.score(ssimulacra2.error(x, x)).item() > 98
