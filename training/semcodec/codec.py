# SPDX-License-Identifier: Apache-2.0
"""The whole codec as one module: analysis network, prior, synthesis network around the fixed wavelet."""
import pickle
import types

import torch
import torch.nn as nn

from . import coefficient_net, masking, prior, wavelet

FINE_COLOUR_FROM = 96  # quality index from which on training codes colour on level 1
NETWORK_LEVELS = 3  # the coefficient networks see these levels; the rest reaches them as the low band
PARTS = ('prior', 'synthesis', 'analysis')


class Codec(nn.Module):
    """parts: which of PARTS exist; the prior always does. tune: what the quantizer steps are for, 'psnr' or 'perceptual'. gains: whether the networks have some."""

    def __init__(self, parts=('prior', 'synthesis'), width=128, blocks=4, analysis_blocks=6, hidden=None, context=None, tune='psnr',
                 gains=False):
        super().__init__()
        self.prior = prior.Prior(hidden, context)
        self.synthesis = coefficient_net.CoefficientNet(width, blocks, gains) if 'synthesis' in parts else None
        self.analysis = coefficient_net.CoefficientNet(width, analysis_blocks, gains) if 'analysis' in parts else None
        self.tune = tune
        self.steps = prior.QuantizerSteps(tune)

    def block_factors(self, rgb, qi):
        """Gains of blocks by level that an encoder with this tune would choose for a padded picture; None without any."""
        return masking.factors(masking.block_gains(rgb, qi), wavelet.LEVELS) if self.tune == 'perceptual' else None

    def analyse(self, rgb, qi, blocks=None):
        """RGB with sides multiples of 64 -> coefficients in quantizer steps, after the analysis network."""
        low, details = self.steps.quantize(*wavelet.analyse(wavelet.to_components(rgb)), qi, blocks)
        if self.analysis is None:
            return low, details
        packed = self.refold(low, details, qi, blocks)
        low3, fine = coefficient_net.unpack(packed + self.analysis(packed, qi))
        fine[0] = torch.cat([fine[0], details[0][:, 3:]], 1)
        coarse = wavelet.analyse(self.low3_unit(low3, qi, blocks), wavelet.LEVELS - NETWORK_LEVELS)
        low, scaled = self.steps.quantize(coarse[0], [torch.zeros_like(low3)] * NETWORK_LEVELS + coarse[1], qi, blocks, NETWORK_LEVELS)
        return low, fine + scaled[NETWORK_LEVELS:]

    def low3_unit(self, low3, qi, blocks):
        """The packed low band of level 3 in sample values."""
        low3 = low3 * prior.quantizer_step(qi)[:, None, None, None]
        return low3 if blocks is None else low3 / blocks[NETWORK_LEVELS - 1]

    def refold(self, low, details, qi, blocks=None):
        """Coefficients in quantizer steps -> the networks' packed view: levels coarser than the third folded into its low band."""
        low, scaled = self.steps.dequantize(low, details, qi, blocks)
        low3 = wavelet.synthesise(low, scaled[NETWORK_LEVELS:]) / prior.quantizer_step(qi)[:, None, None, None]
        return coefficient_net.pack(low3 if blocks is None else low3 * blocks[NETWORK_LEVELS - 1], details[:NETWORK_LEVELS])

    def to_picture(self, packed, finest, qi, blocks=None):
        """Packed coefficients in quantizer steps and level 1's as they were decoded, whose colour the networks do not see -> RGB, not clamped."""
        low3, details = coefficient_net.unpack(packed)
        details[0] = torch.cat([details[0], finest[:, 3:]], 1)
        _, details = self.steps.dequantize(low3, details, qi, blocks)
        return wavelet.to_rgb(wavelet.synthesise(self.low3_unit(low3, qi, blocks), details))

    def code(self, rgb, qi, soft=True):
        """Encoder's half -> (bits per picture, squared error of the coefficients in quantizer steps, coefficients, quantized ones, block factors)."""
        blocks = self.block_factors(rgb, qi)
        low, details = self.analyse(rgb, qi, blocks)
        bits, low_q, details_q, _ = self.prior(low, details, prior.quality_input(qi), soft=soft, fine=qi >= FINE_COLOUR_FROM)
        squares = sum(((q - d.detach()) ** 2).sum((1, 2, 3)) for d, q in zip(details[1:], details_q[1:]))
        squares = squares + ((details_q[0] - details[0].detach())[:, :3] ** 2).sum((1, 2, 3))
        return bits, squares, (low, details), (low_q, details_q), blocks

    def forward(self, rgb, qi, soft=True, feed=None, compare=True):
        """-> (bits per picture, squared error of the coefficients in quantizer steps, RGB, RGB of the wavelet alone). feed also gets the quantized pictures.

        Without compare, there is nothing in place of the last."""
        bits, squares, (low, details), (low_q, details_q), blocks = self.code(rgb, qi, soft)
        fine = qi >= FINE_COLOUR_FROM
        if soft:  # straight through: the decoder's coefficients, the encoder's gradient
            low_q = prior.ste(low, low_q)
            details[0] = torch.cat([details[0][:, :3], details[0][:, 3:] * fine.float()[:, None, None, None]], 1)
            details_q = [prior.ste(d, q) for d, q in zip(details, details_q)]
        plain = self.refold(low_q, details_q, qi, blocks)
        if feed:
            feed.put(qi, plain, self.refold(low, details, qi, blocks))
        out = plain if self.synthesis is None else plain + self.synthesis(plain, qi)
        return bits, squares, self.to_picture(out, details_q[0], qi, blocks), self.to_picture(plain, details_q[0], qi, blocks) if compare else None


def grown(state, model):
    """The state of a smaller codec in the shape of model: new channels are as model has them, and nothing old listens to them yet."""
    out = {}
    for name, new in model.state_dict().items():
        old = state.get(name)
        if old is not None and old.shape != new.shape:
            block = tuple(slice(n) for n in old.shape)
            new = new.clone()
            if new.dim() == 4:
                new[:old.shape[0], old.shape[1]:] = 0
            new[block] = old
            old = new
        if old is not None:
            out[name] = old
    return out


class _DataUnpickler(pickle.Unpickler):
    """Knows nothing but what tensors are made of."""

    def find_class(self, module, name):
        kind = getattr(torch, name, None) if module == 'torch' else None
        if isinstance(kind, torch.dtype) or name.endswith('Storage') and kind is not None:
            return kind
        if (module, name) in (('collections', 'OrderedDict'), ('torch._utils', '_rebuild_tensor_v2'), ('torch._utils', '_rebuild_parameter')):
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f'{module}.{name} is not allowed in a checkpoint')


def checkpoint(path, device='cpu'):
    """What train.py saved: tensors and plain values; anything else is refused.

    Raises pickle.UnpicklingError."""
    if torch.__version__ >= (2, 0):
        return torch.load(path, map_location=device, weights_only=True)
    # PyTorch 1.13 knows no floating-point numbers with weights_only, and its load ignores pickle_module.
    with open(path, 'rb') as f, torch.serialization._open_zipfile_reader(f) as archive:
        return torch.serialization._load(archive, device, types.SimpleNamespace(Unpickler=_DataUnpickler), encoding='utf-8')


def load(path, device='cpu'):
    """A codec with the averaged weights of a checkpoint of train.py."""
    saved = checkpoint(path, device)
    codec = Codec(**saved['shape'])
    codec.load_state_dict(saved['ema'])
    return codec.to(device).eval()
