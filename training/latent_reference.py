#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The latent diffusion networks once more, to hold the Java ones to: plain functions of named weights in double precision.

    latent_reference.py --vectors ../latent/src/test/resources/org/semimage/torch/network/latent-vectors.json
    latent_reference.py --pack DIR        a tiny pack in the layout of Stable Diffusion, random weights

Weights follow from their names alone (see Weights), so Java makes the same ones without a file. A vector is an activation's shape, root mean square
and a few values; 'published' holds the names and shapes that published configurations need, as a digest.

It is one long file, as it shares nothing with what it checks.
"""
import argparse
import hashlib
import json
import math
import os

import numpy as np
import torch
import torch.nn.functional as F

from semcodec import safetensors

SAMPLES = 24

KL = {'_class_name': 'AutoencoderKL', 'act_fn': 'silu', 'block_out_channels': [8, 16], 'down_block_types': ['DownEncoderBlock2D'] * 2,
      'in_channels': 3, 'latent_channels': 4, 'layers_per_block': 1, 'norm_num_groups': 4, 'out_channels': 3, 'scaling_factor': 0.18215,
      'up_block_types': ['UpDecoderBlock2D'] * 2}
KL_SHIFTED = dict(KL, use_quant_conv=False, use_post_quant_conv=False, latent_channels=6, scaling_factor=0.3611, shift_factor=0.1159, layers_per_block=2)
UNET = {'_class_name': 'UNet2DConditionModel', 'act_fn': 'silu', 'attention_head_dim': 2, 'block_out_channels': [8, 16, 16], 'center_input_sample': False,
        'cross_attention_dim': 12, 'down_block_types': ['CrossAttnDownBlock2D', 'CrossAttnDownBlock2D', 'DownBlock2D'], 'downsample_padding': 1,
        'flip_sin_to_cos': True, 'freq_shift': 0, 'in_channels': 4, 'layers_per_block': 2, 'mid_block_scale_factor': 1, 'norm_eps': 1e-5,
        'norm_num_groups': 4, 'out_channels': 4, 'sample_size': 8, 'up_block_types': ['UpBlock2D', 'CrossAttnUpBlock2D', 'CrossAttnUpBlock2D']}
UNET_LINEAR = dict(UNET, attention_head_dim=[1, 2, 4], use_linear_projection=True, layers_per_block=1, in_channels=6, out_channels=6)
CLIP = {'model_type': 'clip_text_model', 'vocab_size': 530, 'hidden_size': 12, 'intermediate_size': 20, 'num_hidden_layers': 2, 'num_attention_heads': 2,
        'max_position_embeddings': 16, 'hidden_act': 'quick_gelu', 'layer_norm_eps': 1e-5}
CLIP_GELU = dict(CLIP, hidden_act='gelu', num_hidden_layers=1, num_attention_heads=3)
# Of a row: 8 channels wide, 5 of latents; blocks of the encoder's and the decoder's stages, * with context.
TINY = {'width': 8, 'latents': 5, 'encoder': ['b', 'bb', 'bp'], 'decoder': ['pp', 'b', 'b']}

SCHEDULER = {'_class_name': 'DDIMScheduler', 'beta_end': 0.012, 'beta_schedule': 'scaled_linear', 'beta_start': 0.00085, 'num_train_timesteps': 1000,
             'prediction_type': 'epsilon', 'set_alpha_to_one': False, 'steps_offset': 1}

SD15_UNET = dict(UNET, block_out_channels=[320, 640, 1280, 1280], attention_head_dim=8, cross_attention_dim=768, norm_num_groups=32,
                 down_block_types=['CrossAttnDownBlock2D'] * 3 + ['DownBlock2D'], up_block_types=['UpBlock2D'] + ['CrossAttnUpBlock2D'] * 3)
SD21_UNET = dict(SD15_UNET, attention_head_dim=[5, 10, 20, 20], cross_attention_dim=1024, use_linear_projection=True)
SD_KL = dict(KL, block_out_channels=[128, 256, 512, 512], layers_per_block=2, norm_num_groups=32, down_block_types=['DownEncoderBlock2D'] * 4,
             up_block_types=['UpDecoderBlock2D'] * 4)
SD15_CLIP = dict(CLIP, vocab_size=49408, hidden_size=768, intermediate_size=3072, num_hidden_layers=12, num_attention_heads=12, max_position_embeddings=77)
SD21_CLIP = dict(CLIP_GELU, vocab_size=49408, hidden_size=1024, intermediate_size=4096, num_hidden_layers=23, num_attention_heads=16,
                 max_position_embeddings=77)


def uniform(name, count):
    """count numbers of 24 bits from 0 to 1: SplitMix64 seeded with the FNV-1a hash of the name."""
    seed = 0xCBF29CE484222325
    for byte in name.encode():
        seed = (seed ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    with np.errstate(over='ignore'):
        z = np.uint64(seed) + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ z >> np.uint64(30)) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ z >> np.uint64(27)) * np.uint64(0x94D049BB133111EB)
        z ^= z >> np.uint64(31)
    return (z >> np.uint64(40)).astype(np.float64) * 2.0 ** -24


def seeded(name, shape):
    """Matrices and kernels with variance 1 / inputs, scales about 1, offsets about 0, rounded to single precision."""
    u = 2 * uniform(name, int(np.prod(shape))) - 1
    if len(shape) > 1:
        values = u * math.sqrt(3 / np.prod(shape[1:]))
    else:
        values = 1 + 0.2 * u if name.endswith('.weight') else 0.1 * u
    return values.astype(np.float32).reshape(shape)


class Weights:
    """Makes a weight when it is asked for by name and shape, and remembers both."""

    def __init__(self, empty=False):
        self.empty = empty
        self.shapes = {}

    def __call__(self, name, *shape):
        self.shapes[name] = list(shape)
        return torch.zeros(shape) if self.empty else torch.from_numpy(seeded(name, shape).astype(np.float64))


def conv(w, name, x, outputs, kernel=3, stride=1, padding=None, bias=True):
    weight = w(name + '.weight', outputs, x.shape[1], kernel, kernel)
    return F.conv2d(x, weight, w(name + '.bias', outputs) if bias else None, stride, kernel // 2 if padding is None else padding)


def linear(w, name, x, outputs, bias=True):
    y = x @ w(name + '.weight', outputs, x.shape[-1]).T
    return y + w(name + '.bias', outputs) if bias else y


def group_norm(w, name, x, groups, epsilon):
    n, c, height, width = x.shape
    g = x.reshape(n, groups, -1)
    g = (g - g.mean(2, keepdim=True)) / torch.sqrt(g.var(2, unbiased=False, keepdim=True) + epsilon)
    return g.reshape(x.shape) * w(name + '.weight', c)[:, None, None] + w(name + '.bias', c)[:, None, None]


def layer_norm(w, name, x, epsilon):
    c = x.shape[-1]
    x = (x - x.mean(-1, keepdim=True)) / torch.sqrt(x.var(-1, unbiased=False, keepdim=True) + epsilon)
    return x * w(name + '.weight', c) + w(name + '.bias', c)


def silu(x):
    return x * torch.sigmoid(x)


def gelu(x):
    return x * 0.5 * (1 + torch.erf(x / math.sqrt(2)))


def attend(q, k, v, heads, causal=False):
    """q, k, v: tokens x features."""
    size = q.shape[1] // heads
    parts = []
    for h in range(heads):
        part = slice(h * size, (h + 1) * size)
        scores = q[:, part] @ k[:, part].T / math.sqrt(size)
        if causal:
            scores = scores + torch.full(scores.shape, -math.inf, dtype=scores.dtype).triu(1)
        parts.append(torch.softmax(scores, 1) @ v[:, part])
    return torch.cat(parts, 1)


def resnet(w, name, x, outputs, groups, epsilon, time=None):
    h = conv(w, name + '.conv1', silu(group_norm(w, name + '.norm1', x, groups, epsilon)), outputs)
    if time is not None:
        h = h + linear(w, name + '.time_emb_proj', silu(time), outputs)[:, :, None, None]
    h = conv(w, name + '.conv2', silu(group_norm(w, name + '.norm2', h, groups, epsilon)), outputs)
    return h + (x if x.shape[1] == outputs else conv(w, name + '.conv_shortcut', x, outputs, 1))


def double(x):
    return x.repeat_interleave(2, 2).repeat_interleave(2, 3)


def kl_mid(w, name, x, c):
    groups, channels = c['norm_num_groups'], x.shape[1]
    x = resnet(w, name + '.resnets.0', x, channels, groups, 1e-6)
    attention = name + '.attentions.0'
    tokens = group_norm(w, attention + '.group_norm', x, groups, 1e-6)[0].reshape(channels, -1).T
    q, k, v = (linear(w, f'{attention}.to_{part}', tokens, channels) for part in 'qkv')
    y = linear(w, attention + '.to_out.0', attend(q, k, v, 1), channels)
    return resnet(w, name + '.resnets.1', x + y.T.reshape(x.shape), channels, groups, 1e-6)


def kl_encode(w, c, rgb, stops):
    groups, channels, latents = c['norm_num_groups'], c['block_out_channels'], c['latent_channels']
    x = conv(w, 'encoder.conv_in', 2 * rgb - 1, channels[0])
    for i, outputs in enumerate(channels):
        for j in range(c['layers_per_block']):
            x = resnet(w, f'encoder.down_blocks.{i}.resnets.{j}', x, outputs, groups, 1e-6)
        if i < len(channels) - 1:
            x = conv(w, f'encoder.down_blocks.{i}.downsamplers.0.conv', F.pad(x, (0, 1, 0, 1)), outputs, stride=2, padding=0)
        stops[f'encoder.down_blocks.{i}'] = x
    x = kl_mid(w, 'encoder.mid_block', x, c)
    stops['encoder.mid_block'] = x
    x = conv(w, 'encoder.conv_out', silu(group_norm(w, 'encoder.conv_norm_out', x, groups, 1e-6)), 2 * latents)
    if c.get('use_quant_conv', True):
        x = conv(w, 'quant_conv', x, 2 * latents, 1)
    return (x[:, :latents] - c.get('shift_factor', 0)) * c['scaling_factor']


def kl_decode(w, c, z, stops):
    groups, channels = c['norm_num_groups'], c['block_out_channels'][::-1]
    x = z / c['scaling_factor'] + c.get('shift_factor', 0)
    if c.get('use_post_quant_conv', True):
        x = conv(w, 'post_quant_conv', x, c['latent_channels'], 1)
    x = kl_mid(w, 'decoder.mid_block', conv(w, 'decoder.conv_in', x, channels[0]), c)
    stops['decoder.mid_block'] = x
    for i, outputs in enumerate(channels):
        for j in range(c['layers_per_block'] + 1):
            x = resnet(w, f'decoder.up_blocks.{i}.resnets.{j}', x, outputs, groups, 1e-6)
        if i < len(channels) - 1:
            x = conv(w, f'decoder.up_blocks.{i}.upsamplers.0.conv', double(x), outputs)
        stops[f'decoder.up_blocks.{i}'] = x
    x = conv(w, 'decoder.conv_out', silu(group_norm(w, 'decoder.conv_norm_out', x, groups, 1e-6)), 3)
    return x / 2 + 0.5


def transformer(w, name, x, text, heads, c):
    _, channels, height, width = x.shape
    h = group_norm(w, name + '.norm', x, c['norm_num_groups'], 1e-6)
    flat = lambda t: t[0].reshape(channels, -1).T
    whole = lambda t: t.T.reshape(x.shape)
    projected = c.get('use_linear_projection', False)
    h = linear(w, name + '.proj_in', flat(h), channels) if projected else flat(conv(w, name + '.proj_in', h, channels, 1))
    block = name + '.transformer_blocks.0'
    for part, context in (('1', None), ('2', text)):
        n = layer_norm(w, f'{block}.norm{part}', h, 1e-5)
        q, k, v = (linear(w, f'{block}.attn{part}.to_{p}', n if p == 'q' or context is None else context, channels, bias=False) for p in 'qkv')
        h = h + linear(w, f'{block}.attn{part}.to_out.0', attend(q, k, v, heads), channels)
    value, gate = linear(w, block + '.ff.net.0.proj', layer_norm(w, block + '.norm3', h, 1e-5), 8 * channels).chunk(2, 1)
    h = h + linear(w, block + '.ff.net.2', value * gelu(gate), channels)
    return x + (whole(linear(w, name + '.proj_out', h, channels)) if projected else conv(w, name + '.proj_out', whole(h), channels, 1))


def unet(w, c, z, timestep, text, stops):
    channels, groups, epsilon = c['block_out_channels'], c['norm_num_groups'], c['norm_eps']
    n = len(channels)
    heads = c['attention_head_dim'] if isinstance(c['attention_head_dim'], list) else [c['attention_head_dim']] * n
    half = channels[0] // 2
    angles = timestep * torch.exp(-math.log(10000) * torch.arange(half, dtype=z.dtype) / half)
    time = linear(w, 'time_embedding.linear_1', torch.cat([angles.cos(), angles.sin()])[None], 4 * channels[0])
    time = linear(w, 'time_embedding.linear_2', silu(time), 4 * channels[0])
    x = conv(w, 'conv_in', z, channels[0])
    skips = [x]
    for i, kind in enumerate(c['down_block_types']):
        for j in range(c['layers_per_block']):
            x = resnet(w, f'down_blocks.{i}.resnets.{j}', x, channels[i], groups, epsilon, time)
            if kind == 'CrossAttnDownBlock2D':
                x = transformer(w, f'down_blocks.{i}.attentions.{j}', x, text, heads[i], c)
            skips.append(x)
        if i < n - 1:
            x = conv(w, f'down_blocks.{i}.downsamplers.0.conv', x, channels[i], stride=2)
            skips.append(x)
        stops[f'down_blocks.{i}'] = x
    x = resnet(w, 'mid_block.resnets.0', x, channels[-1], groups, epsilon, time)
    x = transformer(w, 'mid_block.attentions.0', x, text, heads[-1], c)
    x = resnet(w, 'mid_block.resnets.1', x, channels[-1], groups, epsilon, time)
    stops['mid_block'] = x
    for i, kind in enumerate(c['up_block_types']):
        outputs = channels[n - 1 - i]
        for j in range(c['layers_per_block'] + 1):
            x = resnet(w, f'up_blocks.{i}.resnets.{j}', torch.cat([x, skips.pop()], 1), outputs, groups, epsilon, time)
            if kind == 'CrossAttnUpBlock2D':
                x = transformer(w, f'up_blocks.{i}.attentions.{j}', x, text, heads[n - 1 - i], c)
        if i < n - 1:
            x = conv(w, f'up_blocks.{i}.upsamplers.0.conv', double(x), outputs)
        stops[f'up_blocks.{i}'] = x
    return conv(w, 'conv_out', silu(group_norm(w, 'conv_norm_out', x, groups, epsilon)), c['out_channels'])


def clip(w, c, tokens, stops):
    root, n = 'text_model.', c['hidden_size']
    x = w(root + 'embeddings.token_embedding.weight', c['vocab_size'], n)[tokens]
    x = x + w(root + 'embeddings.position_embedding.weight', c['max_position_embeddings'], n)[:len(tokens)]
    for i in range(c['num_hidden_layers']):
        name = f'{root}encoder.layers.{i}.'
        h = layer_norm(w, name + 'layer_norm1', x, c['layer_norm_eps'])
        q, k, v = (linear(w, f'{name}self_attn.{part}_proj', h, n) for part in 'qkv')
        x = x + linear(w, name + 'self_attn.out_proj', attend(q, k, v, c['num_attention_heads'], causal=True), n)
        h = linear(w, name + 'mlp.fc1', layer_norm(w, name + 'layer_norm2', x, c['layer_norm_eps']), c['intermediate_size'])
        h = h * torch.sigmoid(1.702 * h) if c['hidden_act'] == 'quick_gelu' else gelu(h)
        x = x + linear(w, name + 'mlp.fc2', h, n)
        stops[f'layers.{i}'] = x
    return layer_norm(w, root + 'final_layer_norm', x, c['layer_norm_eps'])


def tiny_block(w, name, x, context):
    n = x.shape[1]
    if context:
        h = conv(w, name + '.pool.0', x, 4 * n, 1, bias=False)
        h = F.relu(group_norm(w, name + '.pool.1', h, 4, 1e-5))
        x = x + conv(w, name + '.pool.3', h, n, 1, bias=False)
    h = x
    for layer in (0, 2, 4):
        h = conv(w, f'{name}.conv.{layer}', F.relu(h) if layer else h, n)
    return F.relu(h + x)


def tiny_encode(w, c, x, stops):
    x = conv(w, '0', x, c['width'])
    stops['encoder.0'] = x
    at = 1
    for i, stage in enumerate(c['encoder']):
        for j, kind in enumerate(('' if i == 0 else 's') + stage):
            x = conv(w, str(at), x, c['width'], stride=2, bias=False) if kind == 's' else tiny_block(w, str(at), x, kind == 'p')
            stops[f'encoder.{at}'] = x
            at += 1
    return conv(w, str(at), x, c['latents'])


def tiny_decode(w, c, z, stops):
    x = F.relu(conv(w, '1', torch.tanh(z / 3) * 3, c['width']))
    stops['decoder.0'] = x
    at, stop = 3, 1
    for i, stage in enumerate(c['decoder']):
        for kind in ('' if i == 0 else 'u') + stage:
            if kind == 'u':
                at += 1
                x = conv(w, str(at), double(x), c['width'], bias=False)
            else:
                x = tiny_block(w, str(at), x, kind == 'p')
            stops[f'decoder.{stop}'] = x
            at += 1
            stop += 1
    return conv(w, str(at), x, 3)


def given(name, *shape, low=-1):
    """An input that follows from its name: from low to 1."""
    u = torch.from_numpy(uniform(name, int(np.prod(shape))).astype(np.float32).astype(np.float64)).reshape(shape)
    return low + (1 - low) * u


def runs(weights):
    """Every tiny network on its input: name, configuration, activations by stop, the last of them the output."""
    text = given('text', 7, 12)
    for name, c in (('kl', KL), ('kl-shifted', KL_SHIFTED)):
        for half in ('encode', 'decode'):
            stops = {}
            w = weights()
            if half == 'encode':
                stops['output'] = kl_encode(w, c, given('picture', 1, 3, 16, 24, low=0), stops)
            else:
                stops['output'] = kl_decode(w, c, given('latents', 1, c['latent_channels'], 4, 6), stops)
            yield f'{name}-{half}', c, stops
    for name, c in (('unet', UNET), ('unet-linear', UNET_LINEAR)):
        stops = {}
        stops['output'] = unet(weights(), c, given('latents', 1, c['in_channels'], 8, 12), 321.5, text, stops)
        yield name, c, stops
    for name, c in (('clip', CLIP), ('clip-gelu', CLIP_GELU)):
        stops = {}
        stops['output'] = clip(weights(), c, [(7 * i * i + 3) % c['vocab_size'] for i in range(11)], stops)
        yield name, c, stops
    stops = {}
    stops['output'] = tiny_encode(weights(), TINY, given('picture', 1, 3, 16, 24, low=0), stops)
    yield 'tiny-encode', TINY, stops
    stops = {}
    stops['output'] = tiny_decode(weights(), TINY, 4 * given('latents', 1, TINY['latents'], 4, 6), stops)
    yield 'tiny-decode', TINY, stops


def vector(x):
    flat = x.reshape(-1)
    picked = [flat[k * len(flat) // SAMPLES].item() for k in range(SAMPLES)]
    return {'count': len(flat), 'rms': float(f'{flat.square().mean().sqrt().item():.8g}'), 'values': [float(f'{v:.8g}') for v in picked]}


def published():
    """Names and shapes that the published configurations need, found by running them on zeros."""
    networks = {}
    for name, c in (('sd15-unet', SD15_UNET), ('sd21-unet', SD21_UNET)):
        w = Weights(empty=True)
        unet(w, c, torch.zeros(1, 4, 8, 8), 1, torch.zeros(2, c['cross_attention_dim']), {})
        networks[name] = c, w.shapes
    w = Weights(empty=True)
    kl_decode(w, SD_KL, torch.zeros(1, 4, 1, 1), {})
    kl_encode(w, SD_KL, torch.zeros(1, 3, 8, 8), {})
    networks['sd-vae'] = SD_KL, w.shapes
    for name, c in (('sd15-text', SD15_CLIP), ('sd21-text', SD21_CLIP)):
        w = Weights(empty=True)
        clip(w, c, [0], {})
        networks[name] = c, w.shapes
    return {name: {'config': c, 'tensors': len(shapes), 'parameters': sum(math.prod(s) for s in shapes.values()),
                   'digest': hashlib.sha256(''.join(f'{n} {s}\n' for n, s in sorted(shapes.items())).encode()).hexdigest()}
            for name, (c, shapes) in networks.items()}


def write_safetensors(path, shapes):
    safetensors.write(path, {name: seeded(name, shape) for name, shape in sorted(shapes.items())}, {'format': 'pt'})


def vocabulary():
    """CLIP's alphabet of bytes, each also at a word's end, a few merges, and the two marks."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    letters = [chr(b) for b in printable] + [chr(256 + i) for i in range(256 - len(printable))]
    merges = ['t h', 'th e</w>', 'c a', 'ca t</w>', 'o n</w>', 'd o', 'do g</w>', 'i n', 'in g</w>', 'e r</w>', 'a n', 'an d</w>']
    words = letters + [letter + '</w>' for letter in letters] + [m.replace(' ', '') for m in merges] + ['<|startoftext|>', '<|endoftext|>']
    return {word: i for i, word in enumerate(words)}, merges


def write_pack(folder):
    def write(path, text):
        os.makedirs(os.path.dirname(os.path.join(folder, path)), exist_ok=True)
        with open(os.path.join(folder, path), 'w', encoding='utf-8') as f:
            f.write(text)
    w = {part: Weights() for part in ('vae', 'unet', 'text_encoder')}
    kl_encode(w['vae'], KL, torch.zeros(1, 3, 4, 4, dtype=torch.float64), {})
    kl_decode(w['vae'], KL, torch.zeros(1, 4, 2, 2, dtype=torch.float64), {})
    unet(w['unet'], UNET, torch.zeros(1, 4, 4, 4, dtype=torch.float64), 1, torch.zeros(2, 12, dtype=torch.float64), {})
    clip(w['text_encoder'], CLIP, [0], {})
    for part, config in (('vae', KL), ('unet', UNET), ('text_encoder', CLIP)):
        write(part + '/config.json', json.dumps(config, indent=2))
        name = 'model' if part == 'text_encoder' else 'diffusion_pytorch_model'
        write_safetensors(os.path.join(folder, part, name + '.safetensors'), w[part].shapes)
    write('scheduler/scheduler_config.json', json.dumps(SCHEDULER, indent=2))
    words, merges = vocabulary()
    write('tokenizer/vocab.json', json.dumps(words, ensure_ascii=False))
    write('tokenizer/merges.txt', '#version: 0.2\n' + '\n'.join(merges) + '\n')
    write('tokenizer/tokenizer_config.json', json.dumps({'model_max_length': CLIP['max_position_embeddings'], 'pad_token': '<|endoftext|>'}))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--vectors')
    parser.add_argument('--pack')
    args = parser.parse_args()
    torch.set_grad_enabled(False)
    if args.vectors:
        cases = [{'case': name, 'config': c, 'stops': {stop: vector(x) for stop, x in stops.items()}} for name, c, stops in runs(Weights)]
        with open(args.vectors, 'w') as f:
            f.write(json.dumps({'cases': cases, 'published': published()}, indent=None, separators=(',', ':')).replace('{"case"', '\n{"case"') + '\n')
    if args.pack:
        write_pack(args.pack)


if __name__ == '__main__':
    main()
