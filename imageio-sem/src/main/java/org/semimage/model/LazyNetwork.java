// SPDX-License-Identifier: Apache-2.0
package org.semimage.model;

import org.semimage.compute.Cancellation;
import org.semimage.compute.network.CoefficientNet;
import org.semimage.compute.network.SynthesisWindow;
import org.semimage.compute.wavelet.Pyramid;

import java.util.function.Supplier;

/** A coefficient network that is made at its first use: a decoder uses none of the encoder's, an encoder mostly none of the decoder's. */
final class LazyNetwork implements CoefficientNet {

    private Supplier<CoefficientNet> maker;
    private CoefficientNet made;

    /** @param maker called at most once, unless it fails; what it holds is let go then */
    LazyNetwork(Supplier<CoefficientNet> maker) {
        this.maker = maker;
    }

    private synchronized CoefficientNet made() {
        if (made == null) {
            if (maker == null) {
                throw new IllegalStateException("the network is closed");
            }
            made = maker.get();
            maker = null;
        }
        return made;
    }

    @Override
    public float[] correction(float[] packed, int height, int width, int qualityIndex, Cancellation cancellation) {
        return made().correction(packed, height, width, qualityIndex, cancellation);
    }

    @Override
    public void correct(float[][] low3, Pyramid pyramid, float[] heard, int qualityIndex, Cancellation cancellation) {
        made().correct(low3, pyramid, heard, qualityIndex, cancellation);
    }

    @Override
    public SynthesisWindow window() {
        return made().window();
    }

    @Override
    public synchronized void close() {
        maker = null;
        if (made != null) {
            made.close();
            made = null;
        }
    }
}
