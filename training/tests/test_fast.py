# SPDX-License-Identifier: Apache-2.0
"""The compiled functions say what PyTorch says, gradients included."""
import pytest
import torch

from semcodec import butteraugli, coefficient_net, dependent, fast, masking, prior, ssimulacra2

pytestmark = pytest.mark.skipif(fast.library() is None, reason='no compiler')


@pytest.fixture(autouse=True)
def seed():
    torch.manual_seed(5)


def both(monkeypatch, f, *inputs):
    """f's results and the gradients of inputs, compiled and by PyTorch; f gives a tensor, whose gradient is random, or a tuple that begins with such a one."""
    out = []
    for enabled in (True, False):
        monkeypatch.setattr(fast, 'ENABLED', enabled)
        given = [x.clone().requires_grad_() for x in inputs]
        torch.manual_seed(6)
        results = f(*given)
        results = results if isinstance(results, tuple) else (results,)
        (results[0] * torch.randn_like(results[0])).sum().backward()
        out.append(([r.detach() for r in results], [torch.zeros_like(x) if x.grad is None else x.grad for x in given]))
    return out


def check(monkeypatch, f, *inputs, rtol=1e-5, atol=1e-6):
    (results, gradients), (expected, expected_gradients) = both(monkeypatch, f, *inputs)
    for a, b in zip(results + gradients, expected + expected_gradients):
        torch.testing.assert_close(a, b, rtol=rtol, atol=atol)


def test_activation(monkeypatch):
    check(monkeypatch, prior.activation, torch.cat([8 * torch.randn(1000), torch.arange(-4, 140) / 16 + 1 / 32]))


def test_soften(monkeypatch):
    check(monkeypatch, coefficient_net.soften, torch.cat([torch.zeros(3), 50 * torch.randn(1000)]))


def test_gained(monkeypatch):
    check(monkeypatch, coefficient_net.gained, *(s * torch.randn(2, 5, 6, 7) for s in (10, 1, 20)))


@pytest.mark.parametrize('sigma, radius', [(1.5, 5), (7.15593339443, 16)])
def test_blur(monkeypatch, sigma, radius):
    check(monkeypatch, lambda x: ssimulacra2.blur(x, sigma, radius), torch.randn(2, 3, 24, 37))


def test_blur_of_a_picture_that_is_smaller_than_the_window(monkeypatch):
    check(monkeypatch, lambda x: ssimulacra2.blur(x, 7.0, 16), torch.randn(1, 1, 8, 5))


@pytest.mark.parametrize('dense', [True, False])
def test_sums_along_lines(monkeypatch, dense):
    a = torch.randn(2, 20, 33)
    check(monkeypatch, lambda b: butteraugli.malta(a, b, 1.1, 0.9, 70.0, dense), torch.randn(2, 20, 33), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize('bias, quality', [(True, True), (False, False)])
def test_convolution_with_integers(monkeypatch, bias, quality):
    conv = prior.IntConv(6, 9, 3, bias, quality)
    conv.weight.data *= torch.logspace(-4, 2, 9)[:, None, None, None]
    if quality:
        conv.quality.data.normal_()
        conv.bias.data.normal_()
    x, q = torch.round(16 * torch.rand(2, 6, 8, 8)) / 16, torch.tensor([1.0, 5.0])
    gradients = []
    def run(x):
        conv.zero_grad()
        y = conv(x, q)
        gradients.append(torch.autograd.grad(y.square().sum(), list(conv.parameters()), retain_graph=True))
        return y
    check(monkeypatch, run, x)
    for a, b in zip(*gradients):
        torch.testing.assert_close(a, b)


def test_gains_of_blocks(monkeypatch):
    rgb = 255 * torch.rand(2, 3, 128, 192) * torch.rand(2, 1, 1, 192)
    gains = []
    for enabled in (True, False):
        monkeypatch.setattr(fast, 'ENABLED', enabled)
        gains.append(masking.block_gains(rgb, torch.tensor([40.0, 120.0])))
    assert gains[0].equal(gains[1])


MIXTURE = torch.tensor(0.7), torch.tensor(2.8)


def symbol_step_of_a_picture(size=(2, 5, 16, 24)):
    b, n, h, w = size
    log_scales = 8 * torch.rand(b, n, h, w) - 7
    means = torch.randn(b, n, h, w)
    return torch.cat([means, log_scales], 1), means + torch.randn(size) * torch.exp2(log_scales) * 2


def same_steps(monkeypatch, size, price, soft):
    """-> of both ways (bits, values, view, symbols, quantizers, indices) and the gradients of (o, y, weight, spread)."""
    o, y = symbol_step_of_a_picture(size)
    return both(monkeypatch, lambda o, y, a, b: prior.code_symbol_step(o, y, (a, b), price, soft), o, y, *MIXTURE)


@pytest.mark.parametrize('size', [(2, 5, 16, 24), (1, 2, 3, 5), (3, 1, 7, 61)])
@pytest.mark.parametrize('soft', [True, False])
def test_symbol_step(monkeypatch, size, soft):
    (results, gradients), (expected, expected_gradients) = same_steps(monkeypatch, size, 0.1, soft)
    for a, b in zip(results[1:], expected[1:]):
        assert a.equal(b)
    torch.testing.assert_close(results[0], expected[0], rtol=1e-5, atol=1e-3)
    for a, b in zip(gradients, expected_gradients):
        torch.testing.assert_close(a, b, rtol=1e-4, atol=2e-4)


def test_symbol_step_without_a_price_is_exact(monkeypatch):
    (results, _), (expected, _) = same_steps(monkeypatch, (2, 6, 32, 32), 0.0, False)
    for a, b in zip(results[1:], expected[1:]):
        assert a.equal(b)


def test_gradient_of_decoded_values(monkeypatch):
    o, y = symbol_step_of_a_picture()
    (_, gradients), (_, expected) = both(monkeypatch, lambda o, y: prior.code_symbol_step(o, y, MIXTURE, 0.1, True)[1], o, y)
    for a, b in zip(gradients, expected):
        torch.testing.assert_close(a, b)


def test_far_residuals_cost_finite_bits(monkeypatch):
    o, y = symbol_step_of_a_picture((1, 2, 8, 8))
    (results, gradients), (expected, expected_gradients) = both(monkeypatch, lambda o, y: prior.code_symbol_step(o, 300 * y, MIXTURE, 0.1, True), o, y)
    torch.testing.assert_close(results[0], expected[0], rtol=1e-5, atol=1e-3)
    assert all(torch.isfinite(g).all() for g in gradients)


def test_the_path_costs_no_more_than_any_other(monkeypatch):
    """Of four symbols in one chain, all paths are tried."""
    monkeypatch.setattr(fast, 'ENABLED', True)
    o, y = symbol_step_of_a_picture((1, 1, 1, 4))
    bits, values, _, symbols, quantizers, index = prior.code_symbol_step(o, y, MIXTURE, 0.1, False)
    spread = prior.spread_of(index)
    found = ((y - values) ** 2).sum() + 0.1 * bits.sum()
    mean = values - dependent.reconstruction_level(symbols, quantizers) * dependent.SPACING
    def least(i, state, cost):
        if i == 4:
            return cost
        quantizer, best = state % 2, float('inf')
        for k in range(-6, 7):
            symbol = torch.tensor(float(k))
            value = mean[0, 0, 0, i] + dependent.reconstruction_level(symbol, quantizer) * dependent.SPACING
            step = (y[0, 0, 0, i] - value) ** 2 + 0.1 * dependent.bits_of(symbol, quantizer, spread[0, 0, 0, i], MIXTURE)
            best = min(best, least(i + 1, dependent.NEXT[state][k % 2], cost + step.item())) if cost + step.item() < found + 1e-3 else best
        return best
    assert found.item() <= least(0, 0, 0.0) + 1e-4
