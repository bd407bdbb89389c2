# SPDX-License-Identifier: Apache-2.0
"""Muon: momentum whose every step is made orthogonal, so that all directions of a weight matrix learn alike.

K. Jordan and others, "Muon: an optimizer for hidden layers in neural networks", 2024; the scale that makes rates those of Adam is of
J. Liu and others, "Muon is scalable for LLM training", 2025, section 2.2.
"""
import math

import torch

COEFFICIENTS = (3.4445, -4.7750, 2.0315)  # of the quintic iteration, from Jordan
ITERATIONS = 5


def orthogonal(matrices, dtype=torch.float32):
    """(n, rows, columns) with rows <= columns -> about the nearest matrices with orthonormal rows. dtype: of the last and largest product."""
    a, b, c = COEFFICIENTS
    x = matrices / (matrices.norm(dim=(1, 2), keepdim=True) + 1e-7)
    # Steps of the iteration x <- (a + b xx' + c (xx')^2) x commute with xx', so that they are found on squares of rows x rows and applied at once. An
    # eigenvalue that rounding makes negative grows by 12 a step, from 1e-7 in float32 to nothing much, from 1e-3 in bfloat16 to infinity.
    square, product = x @ x.transpose(1, 2), None
    for i in range(ITERATIONS):
        factor = torch.baddbmm(square, square, square, beta=b, alpha=c)
        factor.diagonal(dim1=1, dim2=2).add_(a)
        product = factor if product is None else factor @ product
        if i < ITERATIONS - 1:
            square = factor @ factor @ square
    return product.to(dtype) @ x.to(dtype)


class Muon(torch.optim.Optimizer):
    """For weights of convolutions of one shape, outputs not more than inputs times kernel. dtype: of the largest product, as in orthogonal."""

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
            for p, step in zip(group['params'], orthogonal(torch.stack(steps), self.dtype)):
                p.sub_(scale * step.float().view_as(p))
