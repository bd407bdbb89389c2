# SPDX-License-Identifier: Apache-2.0
"""The compiled twins of functions that take most of a training step, in fast.cpp and pointwise.cpp: a symbol step, filters of the loss, small functions
that PyTorch computes in ten passes. Gradients are theirs as well.

They are built when first needed, for the processor at hand, and used for float32 tensors on the CPU. Without a compiler, on another device or
with ENABLED false, callers compute the same in PyTorch.
"""
import ctypes
import hashlib
import os
import subprocess
import sys
import tempfile
from functools import lru_cache

import torch
from torch.autograd import Function
from torch.autograd.function import once_differentiable

ENABLED = True
SOURCES = [os.path.join(os.path.dirname(os.path.abspath(__file__)), name) for name in ('fast.cpp', 'pointwise.cpp')]
COMPILER = ['g++', '-std=c++17', '-O3', '-march=native', '-mprefer-vector-width=512', '-fno-math-errno', '-fno-trapping-math', '-fopenmp-simd', '-ffp-contract=off',
            '-shared', '-fPIC']  # without contraction, costs are those of PyTorch to the last bit but for exp and log
SIGNATURES = {  # p pointer, i int, l long, f float
    'code_symbol_step': 'iiiipplppfppppppppp', 'code_symbol_step_backward': 'iippppppppp', 'activation': 'lpp', 'activation_backward': 'lppp', 'shift': 'iippp',
    'quantized': 'ilpffpp', 'soften': 'lfpp', 'soften_backward': 'lfppp', 'gained': 'lfpppp', 'gained_backward': 'lfppppppp',
    'filtered': 'pplllpipp', 'cheapened': 'iifp'}
POINTWISE = {  # outputs, and whether they are sums over a picture
    'linear': (1, False), 'xyb': (3, False), 'products': (2, False), 'errors': (6, True), 'opsin': (3, False), 'suppressed': (1, False), 'fine': (4, False),
    'malta': (1, False), 'energy': (1, False), 'asymmetric': (1, False), 'norms': (3, True)}
for _name in POINTWISE:
    SIGNATURES[_name], SIGNATURES[_name + '_backward'] = 'ilpppp', 'ilppppp'
TYPES = {'p': ctypes.c_void_p, 'i': ctypes.c_int, 'l': ctypes.c_long, 'f': ctypes.c_float}


def processor():
    """What the code is compiled for: the name and the instructions of the processor, where the system says them."""
    try:
        with open('/proc/cpuinfo') as f:
            return ''.join(sorted({line for line in f if line.startswith(('model name', 'flags', 'Features'))}))
    except OSError:
        return ''


@lru_cache(maxsize=None)
def library():
    """The compiled library, or None where there is no compiler that makes one."""
    key = hashlib.sha256((' '.join(COMPILER) + processor()).encode())
    for source in SOURCES:
        with open(source, 'rb') as f:
            key.update(f.read())
    folder = os.path.join(os.path.dirname(SOURCES[0]), '__pycache__')
    path = os.path.join(folder, f'fast-{key.hexdigest()[:16]}.so')
    try:
        if not os.path.exists(path):
            os.makedirs(folder, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=folder) as new:
                built = os.path.join(new, 'fast.so')
                subprocess.run([*COMPILER, '-o', built, *SOURCES], check=True, capture_output=True, text=True)
                os.replace(built, path)
        loaded = ctypes.CDLL(path)
    except (OSError, subprocess.CalledProcessError) as e:
        print(f'semcodec: all is left to PyTorch, which takes several times as long ({getattr(e, "stderr", None) or e})', file=sys.stderr)
        return None
    for name, types in SIGNATURES.items():
        getattr(loaded, name).argtypes = [TYPES[t] for t in types]
        getattr(loaded, name).restype = None
    return loaded


def takes(*tensors):
    """Whether the functions below compute these."""
    return ENABLED and all(t.dtype == torch.float32 and t.device.type == 'cpu' for t in tensors) and library() is not None


def call(name, *arguments):
    """Tensors, which are contiguous, go as pointers."""
    getattr(library(), name)(*[a.data_ptr() if isinstance(a, torch.Tensor) else a for a in arguments])


class _CodeSymbolStep(Function):
    @staticmethod
    def forward(ctx, o, y, mixture, noise, price, chains):
        b, n, h, w = y.shape
        if y[0].is_contiguous():
            stride = y.stride(0)
        else:
            y, stride = y.contiguous(), n * h * w
        o, mixture = o.contiguous(), mixture.contiguous()
        z, symbols, quantizers, index, by_residual, by_spread = (y.new_empty(b, n, h, w) for _ in range(6))
        view, bits, by_mixture = y.new_empty(b, 2 * n, h, w), y.new_empty(b), y.new_empty(b, 2)
        call('code_symbol_step', b, n, h * w, chains, o, y, stride, noise, mixture, price, bits, z, view, symbols, quantizers, index, by_residual, by_spread, by_mixture)
        ctx.save_for_backward(o, symbols, index, by_residual, by_spread, by_mixture)
        ctx.mark_non_differentiable(view, symbols, quantizers, index)
        ctx.set_materialize_grads(False)
        return bits, z, view, symbols, quantizers, index

    @staticmethod
    @once_differentiable
    def backward(ctx, of_bits, of_z, *_):
        o, symbols, index, by_residual, by_spread, by_mixture = ctx.saved_tensors
        of_o, of_y = torch.empty_like(o), torch.empty_like(symbols)
        of_bits, of_z = (g if g is None else g.contiguous() for g in (of_bits, of_z))
        call('code_symbol_step_backward', len(o), symbols[0].numel(), o, symbols, index, by_residual, by_spread, of_bits, of_z, of_o, of_y)
        return of_o, of_y, None if of_bits is None else of_bits @ by_mixture, None, None, None


def code_symbol_step(o, y, mixture, noise, price, chains):
    """prior.code_symbol_step; noise: (B,n,h,w) uniform in 0..1, or None."""
    return _CodeSymbolStep.apply(o, y, torch.stack(mixture), noise, price, chains)


class _Activation(Function):
    @staticmethod
    def forward(ctx, x):
        x = x.contiguous()
        ctx.save_for_backward(x)
        y = torch.empty_like(x)
        call('activation', x.numel(), x, y)
        return y

    @staticmethod
    @once_differentiable
    def backward(ctx, g):
        x, = ctx.saved_tensors
        out = torch.empty_like(x)
        call('activation_backward', x.numel(), x, g.contiguous(), out)
        return out


activation = _Activation.apply


def shift(weights):
    """Shifts of outputs that share sums of these weights, (outputs, ...) each."""
    weights = [w.detach().contiguous() for w in weights]
    n = len(weights)
    out = weights[0].new_empty(len(weights[0]))
    pointers = (ctypes.c_void_p * n)(*[w.data_ptr() for w in weights])
    call('shift', len(out), n, pointers, (ctypes.c_long * n)(*[w[0].numel() for w in weights]), out)
    return out


class _Quantized(Function):
    """Rounded values with the gradient of those before."""

    @staticmethod
    def forward(ctx, shift, *parameters):
        ctx.set_materialize_grads(False)
        out = []
        for x, steps, limit in zip(parameters, (1, 16, 1), (127, float('inf'), 127)):
            y = None if x is None else torch.empty_like(x, memory_format=torch.contiguous_format)
            if x is not None:
                call('quantized', len(x), x[0].numel(), shift, steps, limit, x.contiguous(), y)
            out.append(y)
        return tuple(out)

    @staticmethod
    def backward(ctx, *grads):
        return None, *grads


def quantized(shift, weight, bias, quality):
    """Of one prior.IntConv, of which all but weight may be None."""
    return _Quantized.apply(shift, weight, bias, quality)


class _Soften(Function):
    @staticmethod
    def forward(ctx, x, knee):
        x, ctx.knee = x.contiguous(), knee
        ctx.save_for_backward(x)
        y = torch.empty_like(x)
        call('soften', x.numel(), knee, x, y)
        return y

    @staticmethod
    @once_differentiable
    def backward(ctx, g):
        x, = ctx.saved_tensors
        out = torch.empty_like(x)
        call('soften_backward', x.numel(), ctx.knee, x, g.contiguous(), out)
        return out, None


soften = _Soften.apply


class _Gained(Function):
    @staticmethod
    def forward(ctx, x, correction, gains, unit):
        x, correction, gains, ctx.unit = x.contiguous(), correction.contiguous(), gains.contiguous(), unit
        ctx.save_for_backward(x, correction, gains)
        y = torch.empty_like(x)
        call('gained', x.numel(), unit, correction, gains, x, y)
        return y

    @staticmethod
    @once_differentiable
    def backward(ctx, g):
        x, correction, gains = ctx.saved_tensors
        of_x, of_correction, of_gains = (torch.empty_like(x) for _ in range(3))
        call('gained_backward', x.numel(), ctx.unit, correction, gains, x, g.contiguous(), of_correction, of_gains, of_x)
        return of_x, of_correction, of_gains, None


gained = _Gained.apply


def along(x, axis, half, before=None, after=None):
    """Sums along an axis, -1 or -2, with symmetric weights; half begins with the one in the middle. before and after: factors by place."""
    h, w = x.shape[-2:]
    y = torch.empty_like(x)
    outer, n, inner = (x.numel() // w, w, 1) if axis == -1 else (x.numel() // (h * w), h, w)
    call('filtered', x, y, outer, n, inner, half, len(half) - 1, before, after)
    return y


@lru_cache(maxsize=None)
def gaussian(sigma, radius):
    t = torch.arange(radius + 1).float()
    return torch.exp(-t * t / (2 * sigma * sigma))


@lru_cache(maxsize=None)
def norms(n, sigma, radius):
    """One over the sum of a Gaussian's weights that are inside n samples, by place."""
    return 1 / along(torch.ones(1, n), -1, gaussian(sigma, radius))[0]


class _Blur(Function):
    @staticmethod
    def forward(ctx, x, sigma, radius):
        ctx.window = gaussian(sigma, radius), norms(x.shape[-2], sigma, radius), norms(x.shape[-1], sigma, radius)
        half, rows, columns = ctx.window
        return along(along(x.contiguous(), -1, half, after=columns), -2, half, after=rows)

    @staticmethod
    @once_differentiable
    def backward(ctx, g):
        half, rows, columns = ctx.window
        return along(along(g.contiguous(), -2, half, before=rows), -1, half, before=columns), None, None


def blur(x, sigma, radius):
    """(...,H,W) -> means in Gaussian windows; at the ends, of the samples that are there."""
    return _Blur.apply(x, float(sigma), int(radius))


class _LineSums(Function):
    @staticmethod
    def forward(ctx, x, axis, half):
        ctx.axis, ctx.half = axis, half
        return along(x.contiguous(), axis, half)

    @staticmethod
    @once_differentiable
    def backward(ctx, g):
        return along(g.contiguous(), ctx.axis, ctx.half), None, None


def line_sums(x, axis, half):
    """(...,H,W) -> sums along an axis, -1 or -2, with symmetric weights: a tensor that begins with the one in the middle."""
    return _LineSums.apply(x, axis, half)


def _pointers(tensors):
    return (ctypes.c_void_p * len(tensors))(*[None if t is None else t.data_ptr() for t in tensors])


class _Pointwise(Function):
    @staticmethod
    def forward(ctx, name, constants, inputs, *places):
        outputs, sums = POINTWISE[name]
        shape = torch.broadcast_shapes(*(p.shape for p in places))
        places = [p if p.shape == shape and p[0].is_contiguous() else p.expand(shape).contiguous() for p in places]
        ctx.name, ctx.inputs, ctx.constants = name, inputs, (ctypes.c_float * len(constants))(*constants)
        ctx.strides = (ctypes.c_long * len(places))(*[p.stride(0) for p in places])
        ctx.save_for_backward(*places)
        ctx.set_materialize_grads(False)
        out = [places[0].new_empty(shape[:1] if sums else shape) for _ in range(outputs)]
        call(name, shape[0], places[0][0].numel(), _pointers(places), ctx.strides, ctx.constants, _pointers(out))
        return tuple(out)

    @staticmethod
    @once_differentiable
    def backward(ctx, *grads):
        places = ctx.saved_tensors
        grads = [g if g is None else g.contiguous() for g in grads]
        out = [torch.empty_like(p, memory_format=torch.contiguous_format) if wanted else None for p, wanted in zip(places[:ctx.inputs], ctx.needs_input_grad[3:])]
        call(ctx.name + '_backward', len(places[0]), places[0][0].numel(), _pointers(places), ctx.strides, ctx.constants, _pointers(grads), _pointers(out))
        return None, None, None, *out, *[None] * (len(places) - ctx.inputs)


def pointwise(name, inputs, given=(), constants=()):
    """A function of pointwise.cpp of tensors of one shape, pictures first; given have no gradient -> a tuple of its outputs."""
    return _Pointwise.apply(name, constants, len(inputs), *inputs, *given)


def cheapened(wished, tolerance):
    """masking.cheapened of a (rows, columns) tensor."""
    out = wished.clone(memory_format=torch.contiguous_format)
    call('cheapened', *out.shape, tolerance, out)
    return out
