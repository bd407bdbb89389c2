#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Reference of the samplers and of their noise (FORMAT.md, "Noise" and "Sampling"), and the numbers that the Java tests are held to.

samplers.py ../latent/src/test/resources/org/semimage/torch/network/sampler-vectors.json

Written from the papers in the papers' own variables, with NumPy alone: DDIM predicts noise, Euler integrates dx/d sigma in Karras' variables,
DPM-Solver++(2M) walks in half the logarithm of the signal-to-noise ratio.
"""
import json
import math
import sys

import numpy as np

SHAPE = (2, 3, 4)
STEPS = 1000


def philox(counter, key):
    """Philox 4x32-10 of one counter (four words) and key (two words)."""
    c, k, mask = list(counter), list(key), 0xFFFFFFFF
    for _ in range(10):
        p0, p1 = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [(p1 >> 32) ^ c[1] ^ k[0], p1 & mask, (p0 >> 32) ^ c[3] ^ k[1], p0 & mask]
        k = [(k[0] + 0x9E3779B9) & mask, (k[1] + 0xBB67AE85) & mask]
    return c


def normal(seed, draw, count):
    """Normal deviates by Box and Muller's method, two from each pair of words."""
    values = []
    for block in range((count + 3) // 4):
        words = [(w + 0.5) / 2 ** 32 for w in philox((block, 0, draw, 0), (seed & 0xFFFFFFFF, seed >> 32))]
        for a, b in (words[:2], words[2:]):
            radius = math.sqrt(-2 * math.log(a))
            values += [radius * math.cos(2 * math.pi * b), radius * math.sin(2 * math.pi * b)]
    return np.array(values[:count])


def alphas_bar(kind, first, last):
    betas = np.linspace(first, last, STEPS) if kind == 'linear' else np.linspace(first ** 0.5, last ** 0.5, STEPS) ** 2
    return np.cumprod(1 - betas)


class Schedule:
    """Signal and noise between whole timesteps: log(noise / signal) is interpolated."""

    def __init__(self, alpha_bar):
        self.log_sigma = 0.5 * np.log((1 - alpha_bar) / alpha_bar)

    def sigma(self, t):
        return math.exp(np.interp(t, np.arange(STEPS), self.log_sigma))

    def time(self, sigma):
        return float(np.interp(math.log(sigma), self.log_sigma, np.arange(STEPS)))

    def alpha(self, t):
        return 1 / math.sqrt(1 + self.sigma(t) ** 2)


def toy(x, t, text):
    """Stands for a denoiser: smooth, and different for every input."""
    return 0.6 * x * math.cos(t / 300) + 0.1 * np.sin(np.arange(x.size) + text).reshape(x.shape) + 0.05 * x[::-1]


def clean_and_noise(prediction, x, alpha, spread, out):
    """What a prediction says of the clean latents and of the noise in x = alpha * clean + spread * noise."""
    if prediction == 'epsilon':
        return (x - spread * out) / alpha, out
    if prediction == 'v_prediction':
        return alpha * x - spread * out, spread * x + alpha * out
    return out, (x - alpha * out) / spread


def sample(method, schedule, prediction, x, start, steps, scale):
    """Takes steps from noisy latents at a timestep to clean ones; the texts are 1, and 0 for what guidance leads away from."""
    times = [start * (steps - i) / steps for i in range(steps)]
    if method == 'euler':
        most, least = schedule.sigma(start) ** (1 / 7), schedule.sigma(0) ** (1 / 7)
        times = [schedule.time((most + i / max(1, steps - 1) * (least - most)) ** 7) if i else start for i in range(steps)]
    before = None
    for i, t in enumerate(times):
        alpha = schedule.alpha(t)
        spread = schedule.sigma(t) * alpha
        out = toy(x, t, 1)
        if scale != 1:
            away = toy(x, t, 0)
            out = away + scale * (out - away)
        clean, noise = clean_and_noise(prediction, x, alpha, spread, out)
        if i == steps - 1:
            return clean
        alpha_next = schedule.alpha(times[i + 1])
        spread_next = schedule.sigma(times[i + 1]) * alpha_next
        if method == 'ddim':
            x = alpha_next * clean + spread_next * noise
        elif method == 'euler':
            sigma, sigma_next = spread / alpha, spread_next / alpha_next
            karras = x / alpha
            x = alpha_next * (karras + (sigma_next - sigma) * (karras - clean) / sigma)
        else:
            lam, lam_next = math.log(alpha / spread), math.log(alpha_next / spread_next)
            h = lam_next - lam
            target = clean
            if before is not None:
                r = (lam - before[0]) / h
                target = (1 + 1 / (2 * r)) * clean - 1 / (2 * r) * before[1]
            x = spread_next / spread * x - alpha_next * (math.exp(-h) - 1) * target
            before = (lam, clean)
    raise AssertionError


def main():
    count = math.prod(SHAPE)
    start = normal(0x0123456789ABCDEF, 3, count).reshape(SHAPE)
    cases = []
    for kind, first, last in (('linear', 0.0001, 0.02), ('scaled_linear', 0.00085, 0.012)):
        schedule = Schedule(alphas_bar(kind, first, last))
        for prediction in ('epsilon', 'v_prediction', 'sample'):
            for method in ('ddim', 'euler', 'dpm_solver'):
                for steps, time, scale in ((1, 150, 1), (2, 420.5, 1), (4, 999, 3), (8, 700, 1)):
                    result = sample(method, schedule, prediction, start, time, steps, scale)
                    cases.append({'schedule': kind, 'prediction': prediction, 'method': method, 'steps': steps, 'start': time, 'scale': scale,
                                  'result': [float('%.7g' % v) for v in result.ravel()]})
    with open(sys.argv[1], 'w') as file:
        json.dump({'shape': SHAPE, 'noise': [float('%.9g' % v) for v in start.ravel()], 'cases': cases}, file)
        file.write('\n')


if __name__ == '__main__':
    main()
