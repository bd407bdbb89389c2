// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile;

import org.semimage.compute.diffusion.Sampler;

import java.util.Objects;

/**
 * How the generative profile codes.
 *
 * @param pack     the installed model pack's id
 * @param palette  whether latents are coded by palette and dithering, in place of the transform
 * @param steps    0 for a picture that the autoencoder alone decodes; 1..{@value #MAX_STEPS} diffusion steps that take the quantization's
 *                 noise away
 * @param method   how diffusion steps are taken
 * @param guidance scale of classifier-free guidance by the caption, 0..31.875 in steps of an eighth; 1 is none
 * @param seed     of the noise that is added before diffusion
 */
public record GenerativeOptions(String pack, boolean palette, int steps, Sampler.Method method, float guidance, int seed) {

    /** The most diffusion steps. */
    public static final int MAX_STEPS = 64;

    static final float MAX_GUIDANCE = 255 / 8f;

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if a number is out of range
     */
    public GenerativeOptions {
        Objects.requireNonNull(pack, "pack");
        Objects.requireNonNull(method, "method");
        if (steps < 0 || steps > MAX_STEPS || !(guidance >= 0 && guidance <= MAX_GUIDANCE)) {
            throw new IllegalArgumentException(steps + " diffusion steps with guidance " + guidance);
        }
    }

    /** A pack's autoencoder alone. */
    public static GenerativeOptions of(String pack) {
        return new GenerativeOptions(pack, false, 0, Sampler.Method.DPM_SOLVER, 1, 0);
    }
}
