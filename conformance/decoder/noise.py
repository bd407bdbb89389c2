# SPDX-License-Identifier: Apache-2.0
"""Noise of diffusion: section 22 of docs/FORMAT.md."""
import math

MASK = 0xFFFFFFFF


def philox(counter, key):
    """Four words of Philox 4x32-10."""
    counter, key = list(counter), list(key)
    for _ in range(10):
        first, second = 0xD2511F53 * counter[0], 0xCD9E8D57 * counter[2]
        counter = [second >> 32 ^ counter[1] ^ key[0], second & MASK, first >> 32 ^ counter[3] ^ key[1], first & MASK]
        key = [key[0] + 0x9E3779B9 & MASK, key[1] + 0xBB67AE85 & MASK]
    return counter


def normal(seed, count):
    """So many values, over channels, rows and columns."""
    values = []
    for j in range(-(-count // 4)):
        words = philox((j, 0, 0, 0), (seed, 0))
        for a, b in (words[:2], words[2:]):
            radius, angle = math.sqrt(-2 * math.log(uniform(a))), 2 * math.pi * uniform(b)
            values += [radius * math.cos(angle), radius * math.sin(angle)]
    return values[:count]


def uniform(word):
    return (word + 0.5) / 2 ** 32
