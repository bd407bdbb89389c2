# SPDX-License-Identifier: Apache-2.0
"""Dependent quantization: two quantizers of twice the step, of which the parity of the symbols before chooses one for each coefficient,
so that an encoder finds its path through a trellis (docs/FORMAT.md, "Symbols").

Schwarz, Nguyen, Marpe, Wiegand: "Hybrid video coding with trellis-coded quantization", DCC 2019; eight states after Schwarz et al.,
"Additional support of dependent quantization with 8 states", JVET-Q0243, 2020.
"""
import torch

SPACING = 10 / 16  # between the reconstruction levels that both quantizers share, in quantizer steps
MAX_CHAINS, SYMBOLS_PER_CHAIN = 32, 64
NEXT = [[0, 2], [5, 7], [1, 3], [6, 4], [2, 0], [4, 6], [3, 1], [7, 5]]  # state after an even and an odd symbol; odd states have quantizer 1
STATES = len(NEXT)
SOURCES = [[(s, p) for s in range(STATES) for p in range(2) if NEXT[s][p] == t] for t in range(STATES)]


def chains(size):
    """Chains of a symbol step of so many symbols: symbol i follows symbol i - chains."""
    return max(1, min(MAX_CHAINS, 1 << (size // SYMBOLS_PER_CHAIN).bit_length() >> 1))


def reconstruction_level(symbol, quantizer):
    """The reconstruction level that a symbol stands for: even ones under quantizer 0, zero and odd ones under quantizer 1."""
    return 2 * symbol - quantizer * torch.sign(symbol)


def bits_of(symbol, quantizer, spread, mixture):
    """-log2 of the mixture of two logistics over a symbol's cell; mixture: weight of the narrow one and how much wider the other is."""
    a = symbol.abs()
    low, high = 2 * a - 1, 2 * a + 1
    if quantizer == 1:
        low, high = torch.where(a == 1, torch.full_like(a, .5), 2 * a - 2), torch.where(a == 0, torch.full_like(a, .5), 2 * a)
        low = torch.where(a == 0, -high, low)
    return bits_between(low * SPACING, high * SPACING, spread, mixture)


def bits_between(low, high, spread, mixture):
    weight, widening = mixture
    def mass(s):
        return torch.sigmoid(-low / s) - torch.sigmoid(-high / s)
    return -torch.log2(weight * mass(spread) + (1 - weight) * mass(spread * widening) + 1e-7)


def candidates(d, spread, certain, mixture, price):
    """-> (magnitudes, costs) by quantizer and parity, (..., 2, 2): the best symbol of those around a residual and zero."""
    a = d.abs()
    certain = certain & (a < SPACING)  # nearer to zero than to the first reconstruction level: that cannot pay for a symbol
    magnitudes, costs = [], []
    for quantizer in range(2):
        below = torch.floor(a * .8 + .5 * quantizer)
        def cost(k):
            return (a - reconstruction_level(k, quantizer) * SPACING) ** 2 + price * bits_of(k, quantizer, spread, mixture)
        above, zero = below + 1, torch.zeros_like(below)
        cost_below, cost_above, cost_zero = cost(below), cost(above), cost(zero)
        even = below % 2 == 0
        cost_even, cost_odd = torch.where(even, cost_below, cost_above), torch.where(even, cost_above, cost_below)
        nothing = (cost_zero < cost_even) | certain
        magnitudes.append(torch.stack([torch.where(nothing, zero, torch.where(even, below, above)), torch.where(even, above, below)], -1))
        costs.append(torch.stack([torch.where(nothing, cost_zero, cost_even), cost_odd.masked_fill(certain, float('inf'))], -1))
    return torch.stack(magnitudes, -2), torch.stack(costs, -2)


def quantize(d, spread, certain, mixture, price, chains):
    """Residuals (B, ...) in quantizer steps -> (symbols, quantizers) of least squared error plus price times bits; certain: where zero is expected."""
    batch, shape, device = d.shape[0], d.shape, d.device
    magnitudes, costs = candidates(d.reshape(batch, -1), spread.reshape(batch, -1), certain.reshape(batch, -1), mixture, price)
    size = costs.shape[1]
    rows = -(-size // chains)
    costs = torch.nn.functional.pad(costs.reshape(batch, size, 4), (0, 0, 0, rows * chains - size)).reshape(batch, rows, chains, 4)
    first, second = (torch.tensor([s[i][0] for s in SOURCES], device=device) for i in range(2))
    by_first, by_second = (torch.tensor([2 * (s[i][0] % 2) + s[i][1] for s in SOURCES], device=device) for i in range(2))
    total = torch.full((batch, chains, STATES), float('inf'), device=device)
    total[..., 0] = 0
    choices = []
    for by_first_row, by_second_row in zip(costs[..., by_first].unbind(1), costs[..., by_second].unbind(1)):
        a = total[..., first] + by_first_row
        b = total[..., second] + by_second_row
        choices.append(b < a)
        total = torch.minimum(a, b)
        total = total - total[..., :1]
    state = total.argmin(-1, keepdim=True)
    sources, parities = (torch.tensor([[x[j] for x in s] for s in SOURCES], device=device) for j in range(2))
    picks = []
    for row in reversed(range(rows)):
        choice = choices[row].gather(-1, state)[..., 0].long()
        state = state[..., 0]
        parity = parities[state, choice]
        state = sources[state, choice]
        picks.append(2 * (state % 2) + parity)
        state = state[..., None]
    picks = torch.stack(picks[::-1], 1).reshape(batch, -1)[:, :size]
    symbols = magnitudes.reshape(batch, size, 4).gather(-1, picks[..., None])[..., 0]
    return (torch.where(d < 0, -symbols.reshape(shape), symbols.reshape(shape)), torch.div(picks, 2, rounding_mode='floor').reshape(shape).to(d.dtype))
