# SPDX-License-Identifier: Apache-2.0
"""Quantized pictures on their way from the process that trains the prior to the one that trains the synthesis network.

A file of slots that both map: the prior's process quantizes pictures anyway, and the network's, on another core, takes them from here, so that
neither waits and the network follows the prior as it changes.
"""
import os
import time

import numpy as np
import torch

from . import coefficient_net

SLOTS = 2048
FIRST = 128      # pictures before a reader begins
PATIENCE = 600   # seconds that a reader waits for them
HEADER = 64      # bytes: the number of pictures written so far


def wait(done):
    """Whether it comes true in time."""
    end = time.time() + PATIENCE
    while not done() and time.time() < end:
        time.sleep(1)
    return done()


class Feed:
    """Slots of (quality index, quantized coefficients, the coefficients themselves), both packed (96, size/8, size/8) in quantizer steps."""

    def __init__(self, path, size, seed=0, write=False):
        """size: side of the square pictures; write: whether to make the file, for which a reader waits.

        Raises TimeoutError if nobody writes, ValueError if the file holds pictures of another size."""
        side = size // 8
        values = 1 + 2 * coefficient_net.CHANNELS * side * side
        length = HEADER + 4 * values * SLOTS
        if write:
            with open(path + '.tmp', 'wb') as f:
                f.truncate(length)
            os.replace(path + '.tmp', path)
        elif not wait(lambda: os.path.exists(path)):
            raise TimeoutError(f'nobody writes {path}')
        if os.path.getsize(path) != length:
            raise ValueError(f'{path} is not a feed of {size}x{size} pictures')
        self.count = np.memmap(path, np.int64, 'r+', 0, (1,))
        self.slots = np.memmap(path, np.float32, 'r+', HEADER, (SLOTS, values))
        self.shape = (2, coefficient_net.CHANNELS, side, side)
        self.random = np.random.RandomState(seed)
        if not write and not wait(lambda: self.count[0] >= FIRST):
            raise TimeoutError(f'{path} stays empty')

    def put(self, qi, quantized, original):
        """A batch: (B,) quality indices, (B,96,h,w) twice. The oldest pictures make room."""
        both = torch.stack([quantized, original], 1).detach().cpu().numpy()
        for q, picture in zip(qi.tolist(), both):
            slot = self.slots[self.count[0] % SLOTS]
            slot[0] = q
            slot[1:] = picture.reshape(-1)
            self.count[0] += 1

    def batch(self, n):
        """n pictures -> (quality indices, quantized, original). One that is being overwritten may be two halves of pictures, which does no harm."""
        chosen = self.slots[self.random.randint(min(int(self.count[0]), SLOTS), size=n)]
        both = torch.from_numpy(chosen[:, 1:].reshape(n, *self.shape).copy())
        return torch.from_numpy(chosen[:, 0].copy()), both[:, 0].contiguous(), both[:, 1].contiguous()
