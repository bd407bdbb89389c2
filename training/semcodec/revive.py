# SPDX-License-Identifier: Apache-2.0
"""Units of the prior that never fire get new weights, without a change of what the prior says.

A unit whose sum is negative everywhere gives nothing and, with an activation that is cut at zero, learns nothing. Its incoming weights are drawn anew,
scaled and biased so that about half of the positions fire (Mishkin and Matas, "All you need is a good init", ICLR 2016), and units that were alive do
not listen to it at first.
"""
import torch

from . import prior

ALIVE = 0.002  # share of positions where a unit fires
ROUNDS = 10    # of scaling; more than there are convolutions one behind the other on a level


class Units:
    """Channels with an activation: the convolutions that make their sums, and those that take their activations."""

    def __init__(self, sums, listeners):
        self.sums, self.listeners = sums, listeners
        self.phases = sums[0].weight.shape[0] // listeners[0].weight.shape[1]  # outputs that are one channel of the next level's context


def all_units(model):
    """Units in the order in which they are computed."""
    out = []
    for level in range(prior.LEVELS, 0, -1):
        net = model.levels[str(level)]
        ups = [net.up_hidden] if level > 1 else []
        out.append(Units([net.context, net.symbols], [*net.hidden, *ups]))
        out += [Units([hidden], [last]) for hidden, last in zip(net.hidden, net.out)]
        if level > 1:
            out += [Units(ups, [net.up_out]), Units([net.up_out], [model.levels[str(level - 1)].context])]
    return out


def watch(run, modules, what):
    """Runs the prior -> for each of the modules what(input, output), (B,channels,h,w), as (positions, channels) of all its calls."""
    seen = {m: [] for m in modules}
    hooks = [m.register_forward_hook(lambda m, x, y: seen[m].append(what(x[0], y).movedim(1, -1).flatten(0, -2))) for m in modules]
    run()
    for hook in hooks:
        hook.remove()
    return {m: torch.cat(v) for m, v in seen.items()}


def dead_units(each, run):
    """For all units which of them never fire, as far as its listeners hear."""
    heard = watch(run, [m for units in each for m in units.listeners], lambda x, _: (x > 0).float())
    return [torch.cat([heard[m] for m in units.listeners]).mean(0) < ALIVE for units in each]


@torch.no_grad()
def revive(model, run):
    """model: a prior; run: runs it on a few pictures, the same each time. Returns the number of units, and of those that were dead."""
    each = all_units(model)
    dead = dead_units(each, run)
    rows = {units.sums[0]: d.repeat_interleave(units.phases) for units, d in zip(each, dead)}
    for units, d in zip(each, dead):
        for m in units.listeners:
            deaf = ~rows.get(m, torch.zeros_like(m.bias, dtype=torch.bool))
            m.weight[deaf] = m.weight[deaf].masked_fill(d[None, :, None, None], 0)
    for units in each:
        new = rows[units.sums[0]]
        for m in units.sums:
            m.weight[new] = (torch.randn_like(m.weight) / m.weight[0].numel() ** 0.5)[new]
            if m.quality is not None:
                m.quality[new] = 0
        for symbols in units.sums[1:]:  # signs of values, which tell signs, more than magnitudes, which the others know
            values, magnitudes = symbols.weight.chunk(2, 1)
            values[new] *= 1.5
            magnitudes[new] *= 0.3
    for _ in range(ROUNDS):
        given = watch(run, [units.sums[0] for units in each], lambda _, y: y)
        for m, new in rows.items():
            sums = given[m][:, new]
            scale = 1 / sums.std(0).clamp(0.02, 50)
            m.weight[new] *= scale[:, None, None, None]
            m.bias[new] = (m.bias[new] - sums.mean(0)) * scale
    return sum(len(d) for d in rows.values()), sum(int(d.sum()) for d in rows.values())
