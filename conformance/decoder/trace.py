# SPDX-License-Identifier: Apache-2.0
"""What is found on the way through a picture, in the form of docs/CONFORMANCE.md, "Traces"."""
from . import descriptor, latents, lossless, prior, text, transform

FIRST, EVERY, SHOWN_UNITS, SHOWN_SYMBOLS = 64, 256, 16, 12


class Excerpt:
    """A list of numbers that are too many to give them all."""

    def __init__(self):
        self.count, self.first, self.later, self.sums = 0, [], {}, []

    def add(self, *numbers):
        if self.count < FIRST:
            self.first.append(list(numbers))
        elif self.count % EVERY == 0:
            self.later[str(self.count)] = list(numbers)
        self.sums = [before + number for before, number in zip(self.sums or [0] * len(numbers), numbers)]
        self.count += 1

    def shown(self):
        return {"count": self.count, "first": self.first, "later": self.later, "sums": self.sums}


def trace(picture):
    """The trace of a parsed picture."""
    return (caption, of_descriptor, of_latents, of_transform, of_lossless)[picture.profile](picture)


def caption(picture):
    tokens = []

    def tap(token, state, frequencies):
        tokens.append({
            "token": token, "state": state[:SHOWN_UNITS].tolist(), "stateSum": int(state.sum()),
            "frequencies": frequencies[:SHOWN_UNITS], "frequencySum": sum(frequencies)})

    text.decode(picture.payloads["payload"], tap)
    return {"tokens": tokens}


def of_descriptor(picture):
    numbers = Excerpt()
    descriptor.Descriptor(picture.payloads["payload"], picture.width, picture.height, picture.truncated, numbers.add)
    return {"magnitudes": numbers.shown()}


def of_latents(picture):
    decisions, values = Excerpt(), Excerpt()
    shape = latents.shape_in_digest(picture.model)
    for value in latents.in_order(latents.decode(picture.payloads["G"], picture.width, picture.height, *shape, decisions.add)["latents"]):
        values.add(value)
    return {"decisions": decisions.shown(), "values": values.shown()}


def of_transform(picture):
    told = []
    found = transform.Transform(picture.payloads["T"], picture, lambda *step: told.append(step))
    components, rows, columns = found.values[0].shape
    places = [(0, c) for c in range(components if picture.colour else 1) for _ in range(rows * columns)]
    for level in range(6, 0, -1):
        places += [(level, k) for k in range(len(prior.steps(level, picture.colour, found.fine)))]
    names = "indices", "means", "states", "symbols"
    steps = []
    for (level, k), lists in zip(places, told):
        step = {"level": level, "step": k, "symbolCount": len(lists[0])}
        step.update({name: numbers[:SHOWN_SYMBOLS] for name, numbers in zip(names, lists)})
        step["sums"] = [sum(numbers) for numbers in lists]
        steps.append(step)
    return {"steps": steps}


def of_lossless(picture):
    told = Excerpt()
    kind = picture.payloads["L"][2]
    lossless.decode(picture.payloads["L"], picture.width, picture.height, picture.colour, picture.alpha, picture.depth, told.add)
    return {"symbols" if kind == lossless.BANDED else "decisions": told.shown()}
