"""The whole codec as one module: analysis network, prior, synthesis network around the fixed wavelet."""
import torch
import torch.nn as nn

from . import prior, transform, wavelet

NETWORK_LEVELS = 3  # the coefficient networks see these levels; the rest reaches them as the low band
PARTS = ('prior', 'synthesis', 'analysis')


class Codec(nn.Module):
    """parts: which of PARTS exist; the prior always does."""

    def __init__(self, parts=('prior', 'synthesis'), width=128, blocks=4, analysis_blocks=6):
        super().__init__()
        self.prior = prior.Prior()
        self.synthesis = transform.CoefficientNet(width, blocks) if 'synthesis' in parts else None
        self.analysis = transform.CoefficientNet(width, analysis_blocks) if 'analysis' in parts else None

    def analyse(self, rgb, qi):
        """RGB with sides multiples of 64 -> coefficients in quantizer steps, after the analysis network."""
        low, details = prior.to_steps(*wavelet.analyse(wavelet.to_components(rgb)), qi)
        if self.analysis is None:
            return low, details
        packed = refold(low, details, qi)
        low3, fine = transform.unpack(packed + self.analysis(packed, qi))
        d = prior.step_of(qi)[:, None, None, None]
        coarse = wavelet.analyse(low3 * d, wavelet.LEVELS - NETWORK_LEVELS)
        low, scaled = prior.to_steps(coarse[0], [torch.zeros_like(low3)] * NETWORK_LEVELS + coarse[1], qi, fine_levels=NETWORK_LEVELS)
        return low, fine + scaled[NETWORK_LEVELS:]

    def synthesise(self, low, details, qi):
        """Quantized coefficients in steps -> RGB, not clamped."""
        packed = refold(low, details, qi)
        if self.synthesis is not None:
            packed = packed + self.synthesis(packed, qi)
        return to_picture(packed, qi)

    def forward(self, rgb, qi, soft=True):
        """-> (bits per picture, RGB, RGB of the wavelet alone)."""
        low, details = self.analyse(rgb, qi)
        bits, low_q, details_q, _ = self.prior(low, details, prior.quality_input(qi), soft=soft)
        if soft:  # straight through: the decoder's coefficients, the encoder's gradient
            low_q = prior.ste(low, low_q)
            details_q = [prior.ste(d, q) for d, q in zip(details, details_q)]
        plain = refold(low_q, details_q, qi)
        out = plain if self.synthesis is None else plain + self.synthesis(plain, qi)
        return bits, to_picture(out, qi), to_picture(plain, qi)


def refold(low, details, qi):
    """Coefficients in steps -> the networks' packed view: levels coarser than the third folded into its low band."""
    low, scaled = prior.from_steps(low, details, qi)
    low3 = wavelet.synthesise(low, scaled[NETWORK_LEVELS:]) / prior.step_of(qi)[:, None, None, None]
    return transform.pack(low3, details[:NETWORK_LEVELS])


def to_picture(packed, qi):
    """Packed coefficients in steps -> RGB, not clamped."""
    low3, details = transform.unpack(packed)
    _, details = prior.from_steps(low3, details, qi)
    return wavelet.to_rgb(wavelet.synthesise(low3 * prior.step_of(qi)[:, None, None, None], details))


def load(path, device='cpu'):
    """A codec with the averaged weights of a checkpoint of train.py."""
    checkpoint = torch.load(path, map_location=device)
    codec = Codec(**checkpoint['shape'])
    codec.load_state_dict(checkpoint['ema'])
    return codec.to(device).eval()
