# SPDX-License-Identifier: Apache-2.0
"""Pictures that no camera took, to train on beside photographs: text, windows, charts, saturated shapes, gradients, pixel art, noise.

The fonts are those of Debian's fonts-dejavu and fonts-liberation where installed, else the one that Pillow brings along.
"""
import glob
import random

import numpy as np
from PIL import Image, ImageDraw, ImageFont

SIDE = 640
FONTS = '/usr/share/fonts/truetype/*/*.ttf'
LETTERS = 'etaoinshrdlucmfwypvbgkETAOINSHR0123456789'


class Pen:
    """One picture and the chance that draws it."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.fonts = [f for f in sorted(glob.glob(FONTS)) if 'Math' not in f]
        self.dark = self.random.random() < 0.25
        self.image = Image.new('RGB', (SIDE, SIDE), self.paper())
        self.draw = ImageDraw.Draw(self.image)

    def paper(self):
        if self.random.random() < 0.4:
            return (0, 0, 0) if self.dark else (255, 255, 255)
        return tuple(self.random.randint(0, 60) + (0 if self.dark else 195) for _ in range(3))

    def ink(self):
        if self.random.random() < 0.5:
            return (255, 255, 255) if self.dark else (0, 0, 0)
        return self.colour()

    def colour(self):
        """Any, and often one of full saturation."""
        if self.random.random() < 0.5:
            return tuple(self.random.choice((0, 255)) for _ in range(3))
        return tuple(self.random.randint(0, 255) for _ in range(3))

    def place(self, low=0.0, high=1.0):
        return self.random.randint(int(low * SIDE), int(high * SIDE))

    def box(self, least, most):
        x, y = self.place(-0.1), self.place(-0.1)
        return (x, y, x + self.random.randint(least, most), y + self.random.randint(least, most))

    def font(self, size):
        return ImageFont.truetype(self.random.choice(self.fonts), size) if self.fonts else ImageFont.load_default()

    def words(self, count):
        return ' '.join(''.join(self.random.choices(LETTERS, k=self.random.randint(2, 9))) for _ in range(count))

    def text(self, box, size):
        """Lines of words down a box."""
        font, ink = self.font(size), self.ink()
        for y in range(box[1], box[3] - size, int(size * 1.3)):
            self.draw.text((box[0], y), self.words(max(1, (box[2] - box[0]) // (size * 4))), ink, font)


def page(pen):
    pen.text((20, 20, SIDE - 20, SIDE - 20), pen.random.choice((9, 10, 11, 12, 14, 16, 20, 28, 48)))


def sizes(pen):
    y = 5
    while y < SIDE:
        size = pen.random.randint(8, 60)
        pen.text((pen.random.randint(0, 100), y, SIDE, y + 2 * size), size)
        y += 2 * size


def window(pen):
    for _ in range(pen.random.randint(4, 12)):
        box = pen.box(60, 360)
        pen.draw.rectangle(box, pen.paper(), pen.ink())
        pen.draw.rectangle((box[0], box[1], box[2], box[1] + 22), pen.colour())
        pen.text((box[0] + 6, box[1] + 3, box[2], box[1] + 22), 12)
        pen.text((box[0] + 8, box[1] + 30, box[2] - 8, box[3]), pen.random.randint(9, 14))


def chart(pen):
    for i in range(0, SIDE, pen.random.randint(30, 80)):
        pen.draw.line((0, i, SIDE, i), (200, 200, 200))
        pen.draw.line((i, 0, i, SIDE), (200, 200, 200))
    for _ in range(pen.random.randint(1, 5)):
        points = [(x, pen.place()) for x in range(0, SIDE + 40, pen.random.randint(8, 40))]
        pen.draw.line(points, pen.colour(), pen.random.randint(1, 4))
    for _ in range(pen.random.randint(0, 12)):
        x = pen.place()
        pen.draw.rectangle((x, pen.place(0.2, 1), x + 20, SIDE), pen.colour())
    pen.text((30, 5, SIDE, 60), 16)


def shapes(pen):
    for _ in range(pen.random.randint(10, 80)):
        box = pen.box(4, 200)
        kind = pen.random.randrange(4)
        if kind == 0:
            pen.draw.ellipse(box, pen.colour())
        elif kind == 1:
            pen.draw.rectangle(box, pen.colour(), pen.colour())
        elif kind == 2:
            pen.draw.polygon([(pen.place(), pen.place()) for _ in range(3)], pen.colour())
        else:
            pen.draw.line(box, pen.colour(), pen.random.randint(1, 9))


def gradients(pen):
    ramp = np.linspace(0, 1, SIDE)[:, None, None]
    here, there = (np.array(pen.colour(), float) for _ in range(2))
    pen.image.paste(Image.fromarray(np.broadcast_to(here + (there - here) * ramp, (SIDE, SIDE, 3)).round().astype(np.uint8)))
    for _ in range(pen.random.randint(0, 8)):
        pen.draw.ellipse(pen.box(20, 200), pen.colour())


def pixels(pen):
    """Few colours in squares, as pixel art and square codes have."""
    side = pen.random.choice((16, 32, 40, 64, 80, 128))
    palette = np.array([pen.colour() for _ in range(pen.random.randint(2, 12))], np.uint8)
    chosen = np.random.RandomState(pen.random.randrange(1 << 30)).randint(0, len(palette), (side, side))
    pen.image.paste(Image.fromarray(palette[chosen]).resize((SIDE, SIDE), Image.NEAREST))


def noise(pen):
    chance = np.random.RandomState(pen.random.randrange(1 << 30))
    base = np.array(pen.colour(), float)
    pen.image.paste(Image.fromarray((base + chance.normal(0, pen.random.choice((5, 15, 40, 100)), (SIDE, SIDE, 3))).clip(0, 255).astype(np.uint8)))


def smooth(pen):
    """Shapes as a renderer smooths them: drawn large, then scaled down."""
    shapes(pen)
    pen.text((0, 0, SIDE, SIDE), 60)
    small = pen.image.resize((SIDE // 2, SIDE // 2), Image.LANCZOS)
    for x in (0, SIDE // 2):
        for y in (0, SIDE // 2):
            pen.image.paste(small.transpose(Image.FLIP_LEFT_RIGHT) if x else small, (x, y))


KINDS = (page, page, sizes, window, window, chart, shapes, smooth, gradients, pixels, noise)


def drawing(number):
    """The picture of a number: SIDE x SIDE, RGB, always the same with the same fonts."""
    pen = Pen(number)
    KINDS[number % len(KINDS)](pen)
    return pen.image
