# SPDX-License-Identifier: Apache-2.0
import numpy as np
import torch

from semcodec import pairs, renderer, wasserstein


def picture(seed, height=64, width=96):
    return 255 * torch.rand(2, 3, height, width, generator=torch.Generator().manual_seed(seed))


def loud(width=8):
    torch.manual_seed(3)
    model = renderer.Renderer(width, blocks=1).eval()
    torch.nn.init.normal_(model.net.tail.weight, std=0.05)
    return model


def test_an_untrained_renderer_gives_the_plain_picture():
    x = picture(1)
    with torch.no_grad():
        y = renderer.Renderer(8, 1)(x, torch.tensor([10.0, 200.0]), pairs.noise_like(x))
    assert torch.allclose(x, y, atol=1e-2)


def test_blocks_keep_their_mean_whatever_the_network_says():
    correction = torch.randn(1, 96, 6, 8)
    low = renderer.projected(correction)[:, :3]
    assert torch.nn.functional.avg_pool2d(low, 2).abs().max() < 1e-6
    assert torch.equal(renderer.projected(correction)[:, 3:], correction[:, 3:])


def test_noise_makes_another_picture():
    x, q = picture(2), torch.tensor([10.0, 10.0])
    model = loud()
    with torch.no_grad():
        one, other = (model(x, q, pairs.noise_like(x, torch.Generator().manual_seed(seed))) for seed in (1, 2))
    assert (one - other).abs().mean() > 0.1


def test_equal_pictures_have_no_distance_and_blurred_ones_some():
    x = torch.randn(2, 5, 16, 24)
    assert wasserstein.distance([x], [x], [4]).max() < 1e-6
    assert wasserstein.distance([0.5 * x], [x], [4]).min() > 0.05


def test_pairs_give_batches_of_all_tasks(tmp_path):
    random = np.random.RandomState(1)
    pixels = random.randint(0, 256, (3, 100, 120, 3)).astype(np.uint8)
    pixels.tofile(tmp_path / 'pairs.bin')
    size = pixels[0].size
    (tmp_path / 'pairs.csv').write_text(f'0,{size},100,120,17\n0,{2 * size},100,120,-90\n')
    source = pairs.Pairs(str(tmp_path), 1, crop=64)
    for task, q in (('transform', 17), ('thumbnail', renderer.THUMBNAIL), ('layout', renderer.LAYOUT)):
        plain, original, index = source.batch(task, 2)
        assert plain.shape == original.shape and plain.shape[0] == 2 and torch.isfinite(plain).all()
        assert index.tolist() == [q, q]


def test_a_discriminator_sees_coefficients_and_features():
    judge = renderer.Discriminator([7])
    maps = judge(torch.randn(2, 96, 8, 8), [torch.randn(2, 7, 16, 16)], torch.randn(2, 96, 8, 8))
    assert [m.shape for m in maps] == [(2, 1, 8, 8), (2, 1, 16, 16)]
