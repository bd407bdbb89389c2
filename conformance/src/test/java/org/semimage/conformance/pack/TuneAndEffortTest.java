// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.pack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import javax.imageio.IIOException;
import org.junit.jupiter.api.Test;
import org.semimage.cli.TestPicture;
import org.semimage.compute.Watcher;
import org.semimage.container.SemFile;
import org.semimage.container.SemSerializer;
import org.semimage.measure.MsSsim;
import org.semimage.model.Models;
import org.semimage.picture.Images;
import org.semimage.picture.Psnr;
import org.semimage.picture.RgbSamples;
import org.semimage.profile.EncodeOptions;
import org.semimage.profile.Tune;
import org.semimage.profile.WholePicture;
import org.semimage.profile.transform.QualityIndex;
import org.semimage.profile.transform.TransformProfile;

class TuneAndEffortTest {

    private static final TransformProfile PROFILE = new TransformProfile();
    private static final BufferedImage PICTURE = TestPicture.draw(512, 384, 1);

    private static SemFile encode(EncodeOptions options) throws IIOException {
        return PROFILE.encode(Images.toPlanes(PICTURE), options, Watcher.NONE);
    }

    private static RgbSamples decode(SemFile file) throws IIOException {
        return RgbSamples.of(Images.toImage(WholePicture.decode(PROFILE, file, Watcher.NONE)));
    }

    @Test
    void eachTuneIsBetterByItsOwnMeasure() throws IIOException {
        SemFile perceptual = encode(EncodeOptions.ofQuality(0.4f).withTune(Tune.PERCEPTUAL));
        assertEquals(Models.PERCEPTUAL, perceptual.header().model());
        SemFile psnr = encode(EncodeOptions.ofBytes((int) SemSerializer.size(perceptual)).withTune(Tune.PSNR));
        assertEquals(Models.TRANSFORM, psnr.header().model());
        RgbSamples original = RgbSamples.of(PICTURE);
        assertTrue(Psnr.of(original, decode(psnr)) > Psnr.of(original, decode(perceptual)));
        assertTrue(MsSsim.of(original, decode(perceptual)).orElseThrow() > MsSsim.of(original, decode(psnr)).orElseThrow());
    }

    @Test
    void moreEffortLowersTheCostOfErrorAndBytes() throws IIOException {
        double step = QualityIndex.step(QualityIndex.ofQuality(0.3f));
        SemFile once = encode(EncodeOptions.ofQuality(0.3f).withTune(Tune.PSNR));
        SemFile twice = encode(EncodeOptions.ofQuality(0.3f).withTune(Tune.PSNR).withEffort(2));
        assertTrue(cost(twice, step) < cost(once, step), cost(twice, step) + " and " + cost(once, step));
    }

    private static double cost(SemFile file, double step) throws IIOException {
        double error = 3.0 * 512 * 384 * 255 * 255 / Math.pow(10, Psnr.of(RgbSamples.of(PICTURE), decode(file)) / 10);
        return error + 0.1 * step * step * 8 * SemSerializer.size(file);
    }
}
