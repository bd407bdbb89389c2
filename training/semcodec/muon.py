"""Muon: momentum whose every step is made orthogonal, so that all directions of a weight matrix learn alike.

K. Jordan and others, "Muon: an optimizer for hidden layers in neural networks", 2024; the scale that makes rates those of Adam is of
J. Liu and others, "Muon is scalable for LLM training", 2025, section 2.2.
"""
import math

import torch

COEFFICIENTS = (3.4445, -4.7750, 2.0315)  # of the quintic iteration, from Jordan
ITERATIONS = 5


def orthogonal(matrices):
    """(n, rows, columns) with rows <= columns -> about the nearest matrices with orthonormal rows."""
    a, b, c = COEFFICIENTS
    x = matrices / (matrices.norm(dim=(1, 2), keepdim=True) + 1e-7)
    for _ in range(ITERATIONS):
        square = x @ x.transpose(1, 2)
        x = a * x + (b * square + c * square @ square) @ x
    return x


class Muon(torch.optim.Optimizer):
    """For weights of convolutions of one shape, outputs not more than inputs times kernel. dtype: what steps are made orthogonal in."""

    def __init__(self, parameters, lr, momentum=0.95, dtype=torch.float32):
        super().__init__(parameters, {'lr': lr, 'momentum': momentum})
        self.dtype = dtype

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            steps = []
            for p in group['params']:
                mean = self.state[p].setdefault('mean', torch.zeros_like(p))
                mean.lerp_(p.grad, 1 - group['momentum'])
                steps.append(torch.lerp(p.grad, mean, group['momentum']).flatten(1))
            scale = 0.2 * math.sqrt(steps[0].shape[1]) * group['lr']
            for p, step in zip(group['params'], orthogonal(torch.stack(steps).to(self.dtype))):
                p.sub_(scale * step.float().view_as(p))
