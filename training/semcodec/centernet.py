# SPDX-License-Identifier: Apache-2.0
"""CenterNet on MobileNetV3 from its tfjs graph, as a teacher: X. Zhou and others, "Objects as Points", arXiv 1904.07850, 2019. Weights are not part of this project."""
import json
import os

import numpy as np
import torch
import torch.nn.functional as F

HEAT = 'tower_0/Sigmoid'
DTYPES = {'float32': np.float32, 'int32': np.int32, 'float16': np.float16}


def _weights(folder, manifest):
    """Tensors by name; what is stored in half precision comes back in single."""
    out = {}
    for group in manifest:
        raw = b''.join(open(os.path.join(folder, path), 'rb').read() for path in group['paths'])
        at = 0
        for weight in group['weights']:
            dtype = np.dtype(DTYPES[weight.get('quantization', weight)['dtype']])
            count = int(np.prod(weight['shape']))
            values = np.frombuffer(raw, dtype, count, at).reshape(weight['shape'])
            at += count * dtype.itemsize
            out[weight['name']] = torch.from_numpy(values.astype(np.float32 if weight['dtype'] == 'float32' else np.int64))
    return out


class CenterNet:
    """Heat maps of COCO's 80 classes."""

    def __init__(self, folder):
        with open(os.path.join(folder, 'centernet.json')) as source:
            model = json.load(source)
        self.nodes = {node['name']: node for node in model['modelTopology']['node']}
        self.weights = _weights(folder, model['weightsManifest'])
        self.images = next(name for name, node in self.nodes.items() if node['op'] == 'Placeholder')

    @torch.no_grad()
    def heat(self, images):
        """(B,3,H,W), as the network was trained to see them, sides multiples of 32 -> (B,80,H/4,W/4), 0..1."""
        values = dict(self.weights)
        values[self.images] = images
        return self._value(HEAT, values)

    def _value(self, name, values):
        if name not in values:
            node = self.nodes[name]
            values[name] = self._apply(node, [self._value(i, values) for i in node['input'] if not i.startswith('^')])
        return values[name]

    def _apply(self, node, x):
        op = node['op']
        if op in ('_FusedConv2D', 'Conv2D', 'FusedDepthwiseConv2dNative', 'DepthwiseConv2dNative'):
            return self._convolve(node, x)
        if op == 'Mul':
            return x[0] * self._channels(x[1], x[0])
        if op == 'Add':
            return x[0] + self._channels(x[1], x[0])
        if op == 'Relu6':
            return F.relu6(x[0])
        if op == 'Relu':
            return F.relu(x[0])
        if op == 'Sigmoid':
            return torch.sigmoid(x[0])
        if op == 'Mean':
            return x[0].mean((2, 3), keepdim=True)
        if op == 'ConcatV2':
            return torch.cat(x[:-1], 1)
        if op == 'Identity':
            return x[0]
        if op == 'ResizeBilinear':
            return self._twice(x[0])
        raise ValueError(f'{node["name"]}: {op} is not known')

    @staticmethod
    def _channels(other, like):
        return other if other.dim() != 1 or like.dim() != 4 or other.numel() == 1 else other[:, None, None]

    @staticmethod
    def _twice(x):
        """Bilinear, samples at the corners of pixels: output 2i is input i."""
        def along(x, dim):
            after = torch.cat([x.narrow(dim, 1, x.shape[dim] - 1), x.narrow(dim, x.shape[dim] - 1, 1)], dim)
            return torch.stack([x, (x + after) / 2], dim + 1).flatten(dim, dim + 1)
        return along(along(x, 2), 3)

    @staticmethod
    def _convolve(node, x):
        depthwise = 'Depthwise' in node['op']
        kernel = x[1].permute(2, 3, 0, 1) if depthwise else x[1].permute(3, 2, 0, 1)
        size, stride = kernel.shape[-1], int(node['attr']['strides']['list']['i'][1])
        pads = []
        for n in (x[0].shape[3], x[0].shape[2]):
            total = max((-(-n // stride) - 1) * stride + size - n, 0)
            pads += [total // 2, total - total // 2]
        out = F.conv2d(F.pad(x[0], pads), kernel, x[2] if len(x) > 2 else None, stride, groups=x[0].shape[1] if depthwise else 1)
        fused = node['attr'].get('fused_ops', {}).get('list', {}).get('s', [])
        return F.relu(out) if 'UmVsdQ==' in fused else F.relu6(out) if 'UmVsdTY=' in fused else out
