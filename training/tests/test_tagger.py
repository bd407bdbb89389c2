# SPDX-License-Identifier: Apache-2.0
"""The captioner's tagger, its teachers' views and the network that imagines layouts."""
import numpy as np
import torch

import teach_tagger
import train_layout
import train_tagger
from export_captioner import in_bytes
from semcodec import layout
from semcodec.tagger import FEATURES, SIDE, Block, Tagger


def test_tags_name_words_and_the_teachers_classes(tmp_path):
    (tmp_path / 'tags.txt').write_text('# comment\ndog dogs;151-153,160;16\nred\n')
    assert train_tagger.tags(tmp_path / 'tags.txt') == [(['dog', 'dogs'], [151, 152, 153, 160], [16]), (['red'], [], [])]


def test_captions_made_of_labels_are_silent_about_all_else(tmp_path):
    (tmp_path / 'pictures.tsv').write_text('a.jpg\t3\tA red dog\ta dog\nb.jpg\t3\ta photo of a dog\nc.jpg\t3\n')
    share, silence = train_tagger.said(tmp_path / 'pictures.tsv', [(['dog', 'dogs'], [], []), (['red'], [], [])])
    np.testing.assert_allclose(share, [[1, 0.5], [1, 0], [0, 0]])
    np.testing.assert_allclose(silence, [1, train_tagger.SILENT, 0], rtol=1e-6)


def test_the_tagger_sees_a_square_and_tells_words():
    features, words = Tagger(5).eval()(torch.rand(2, 3, SIDE, SIDE) * 255)
    assert features.shape == (2, FEATURES) and words.shape == (2, 5)


def test_folded_convolutions_do_the_same():
    torch.manual_seed(1)
    block = Block(8, 4, 12, 2)
    for _ in range(5):
        block(torch.randn(4, 8, 6, 6) * 3 + 1)
    block.eval()
    x = torch.randn(2, 8, 6, 6)
    weight, bias = block.middle.folded()
    inner = torch.randn(2, 4, 6, 6)
    torch.testing.assert_close(block.middle(inner), torch.nn.functional.conv2d(inner, weight, bias, 2, 1), atol=1e-5, rtol=1e-4)
    assert block(x).shape == (2, 12, 3, 3)


def test_weights_in_bytes_are_within_half_a_step():
    weight = torch.randn(4, 3, 3, 3)
    tensors = in_bytes('a', weight, torch.zeros(4))
    back = tensors['a.weight'] * tensors['a.scale'][:, None, None, None]
    assert (np.abs(back - weight.numpy()) <= 0.5001 * tensors['a.scale'][:, None, None, None]).all()


def test_views_lie_in_the_picture():
    class Picture:
        size = 400, 300
    boxes = list(teach_tagger.squares(Picture, 9, np.random.default_rng(1)))
    assert boxes[0] == (0, 0, 0) and len(boxes) == 9
    assert all(left + side <= 400 and top + side <= 300 and side >= 105 for left, top, side in boxes[1:])
    heat = torch.zeros(2, 75, 100)
    heat[1, 70, 90] = 1
    assert teach_tagger.highest(heat, Picture, 0, 0, 0).tolist() == [0, 1]
    assert teach_tagger.highest(heat, Picture, 0, 0, 128).tolist() == [0, 0]


def test_variations_keep_size_and_colour():
    view = np.full((2, 32, 32, 3), 100, np.uint8)
    varied = train_tagger.varied(view, np.random.default_rng(1))
    assert varied.shape == (2, 3, 32, 32)
    assert varied.std((1, 2, 3)).max() < 1e-3


def test_cosines_are_those_of_a_drawn_layout():
    numbers = np.zeros(len(layout.PLACES), np.float32)
    numbers[[0, 3, 15]] = 20, 12, -9
    back = layout.cosines(layout.picture(numbers, 96)[None])[0]
    np.testing.assert_allclose(back, numbers, atol=0.3)


def test_a_mirrored_view_has_mirrored_numbers():
    view = torch.rand(2, 3, 4, 4).repeat_interleave(24, 2).repeat_interleave(24, 3) * 255
    def numbers(v):
        return torch.cat([layout.cosines(v), layout.texture(v)], 1)
    expected = train_layout.mirrored(numbers(view))
    actual = numbers(view.flip(3))
    places = len(layout.PLACES)
    torch.testing.assert_close(actual[:, :places], expected[:, :places], atol=1e-2, rtol=0)
    # The wavelet begins at even places, so bands shift by a sample.
    assert (actual - expected)[:, places:].abs().mean() < 0.5


def test_axes_give_back_what_they_keep():
    torch.manual_seed(2)
    values = torch.randn(50, 3) @ torch.randn(3, 8) + 5
    axes = train_layout.Axes(values)
    assert len(axes.spread) <= 3
    assert (axes.inverse(axes.forward(values)) - values).std() < 0.1 * values.std()


def test_imagining_follows_the_flow():
    torch.manual_seed(3)
    network = layout.Imagination(4, 2, width=16)
    noise = torch.randn(3, 4)
    drawn = layout.imagine(network, torch.eye(2)[[0, 1, 0]], noise)
    assert drawn.shape == (3, 4) and not torch.equal(drawn, noise)
