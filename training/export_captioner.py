#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the captioner's packs.

export_captioner.py --tagger runs/tagger-1.pt --pictures photos.tsv --views runs/views --manifest photos-MANIFEST.tsv --pack DIR/captioner-1
export_captioner.py --layout runs/layout-1.pt --manifest photos-MANIFEST.tsv --pack DIR/layout-1

Convolutions and large layers are stored in bytes, with a scale for each channel that comes out.
"""
import argparse

import numpy as np
import torch

from export import provenance
from semcodec import layout, pack
from semcodec.tagger import Tagger
from train_layout import seen
from train_tagger import said, tags

CAPTIONED = [
    {'source': 'COCO (https://huggingface.co/datasets/Obmutescence/COCO-MINI, https://github.com/lightly-ai/coco128_yolo and '
               'https://github.com/airockchip/rknn_model_zoo)', 'licence': 'CC-BY-2.0, CC-BY-SA-2.0; captions CC-BY-4.0', 'photographs': 115},
    {'source': 'https://github.com/google/dreambooth (dataset)', 'licence': 'Unsplash licence or CC-BY-4.0'},
    {'source': 'https://huggingface.co/datasets/Oldpel/flower_photos', 'licence': 'CC-BY-2.0'},
    {'source': 'https://github.com/marcusklasson/GroceryStoreDataset', 'licence': 'MIT'},
    {'source': 'https://github.com/alexeygrigorev/clothing-dataset-small', 'licence': 'CC0-1.0'}]
TEACHERS = [
    {'source': 'https://github.com/forresti/SqueezeNet (teacher)', 'licence': 'BSD-2-Clause'},
    {'source': 'CenterNet on MobileNetV3, COCO (teacher)', 'licence': 'MIT'}]


def in_bytes(name, weight, bias):
    """Tensors of a layer; weight [out, ...]."""
    return {**pack.in_bytes(name, weight.detach().numpy()), name + '.bias': bias.detach().numpy().astype(np.float32)}


def texts(known):
    return np.frombuffer('\n'.join(' '.join(words) for words, _, _ in known).encode('ascii'), np.int8)


def tagger_tensors(saved, pictures, folder, wanted):
    known = saved['tags']
    tagger = Tagger(len(known))
    tagger.load_state_dict(saved['tagger'])
    kept = [i for i, (words, _, _) in enumerate(known) if words[0] in wanted]
    known = [known[i] for i in kept]
    tagger.words.weight.data, tagger.words.bias.data = tagger.words.weight.data[kept], tagger.words.bias.data[kept]
    tagger.eval()
    tensors = in_bytes('stem', *tagger.stem.folded())
    for i, block in enumerate(tagger.blocks):
        for name in 'narrow', 'middle', 'widen', 'past':
            unit = getattr(block, name)
            if unit is not None:
                tensors.update(in_bytes(f'blocks.{i}.{name}', *unit.folded()))
    # What is usual is what the tagger says of pictures that people wrote captions for, right or wrong.
    views, table = np.load(folder + '/views.npy', mmap_mode='r'), np.loadtxt(folder + '/views.tsv', dtype=int)
    whole = np.flatnonzero((table[:, 3] == 0) & (said(pictures, known)[1][table[:, 0]] == 1))
    usual = seen(tagger, views[whole]).mean(0).clamp(1e-3, 0.9).numpy()
    return dict(tensors, strides=np.array([block.stride for block in tagger.blocks], np.int32), tags=texts(known),
                usual=usual.astype(np.float32), **{'words.weight': tagger.words.weight.detach().numpy().astype(np.float16),
                                                   'words.bias': tagger.words.bias.detach().numpy()})


def layout_tensors(saved):
    known, axes = saved['tags'], saved['vectors'] * saved['spread']
    network = layout.Imagination(axes.shape[1], len(known), saved['width'])
    network.load_state_dict(saved['network'])
    tensors = dict(in_bytes('start', network.start.weight, network.start.bias), **in_bytes('end', network.end.weight, network.end.bias))
    for i, block in enumerate(network.blocks):
        for j, layer in enumerate(block):
            tensors.update(in_bytes(f'blocks.{i}.{j}', layer.weight, layer.bias))
    mean, axes = saved['mean'].clone(), axes.clone()
    # Texture is stored in octaves.
    mean[len(layout.PLACES):] /= saved['texture_weight']
    axes[len(layout.PLACES):] /= saved['texture_weight']
    return dict(tensors, blocks=np.array([len(network.blocks)], np.int32), tags=texts(known), places=np.array(layout.PLACES, np.int32),
                mean=mean.numpy(), axes=axes.numpy().astype(np.float16),
                **{'words.weight': network.tags.weight.detach().numpy().T.astype(np.float16)})


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--tagger')
    parser.add_argument('--layout')
    parser.add_argument('--tags', default='tags.txt', help='those that the tagger learned and that are here are exported')
    parser.add_argument('--pictures')
    parser.add_argument('--views', help='of the pictures')
    parser.add_argument('--manifest', required=True, help='sources and licences of the photographs')
    parser.add_argument('--pack', required=True, help='folder to write')
    args = parser.parse_args()
    saved = torch.load(args.tagger or args.layout)
    tensors, number, file = (tagger_tensors(saved, args.pictures, args.views, {words[0] for words, _, _ in tags(args.tags)}), 6, 'captioner.safetensors') if args.tagger \
        else (layout_tensors(saved), 7, 'layout.safetensors')
    size = pack.write(args.pack, file, tensors, {
        'number': number,
        'format': 1,
        'profile': 'descriptor',
        'licence': 'Apache-2.0',
        'provenance': provenance(args.manifest) + CAPTIONED + TEACHERS,
        'steps': saved['steps'],
    })
    print(f'{size} bytes, {saved["steps"]} steps')


if __name__ == '__main__':
    main()
