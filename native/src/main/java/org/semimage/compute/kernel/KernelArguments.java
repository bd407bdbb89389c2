// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.kernel;

/** Checks of the arguments of {@link Kernels}, for implementations whose memory accesses nobody else checks. */
public final class KernelArguments {

    private KernelArguments() {
    }

    /**
     * Checks the arrays of a convolution.
     *
     * @throws IllegalArgumentException if an array is too small for its shape
     */
    public static void checkConvolve(IntConv conv, byte[] input, int height, int width, int[] sums) {
        if (height < 0 || width < 0
                || input.length < (long) conv.inputs() * height * width || sums.length < (long) conv.outputs() * height * width) {
            throw new IllegalArgumentException(input.length + " inputs and " + sums.length + " sums for "
                    + conv.inputs() + " -> " + conv.outputs() + " channels of " + height + " x " + width);
        }
    }

    /**
     * Checks the arrays of an activation.
     *
     * @throws IllegalArgumentException if an array is too small for its shape, or a shift is not 0..16
     */
    public static void checkActivate(int[] sums, byte[] shifts, int area, byte[] output) {
        long size = (long) shifts.length * area;
        if (area < 0 || sums.length < size || output.length < size) {
            throw new IllegalArgumentException(sums.length + " sums and " + output.length + " outputs for "
                    + shifts.length + " channels of " + area);
        }
        for (byte shift : shifts) {
            if (shift < 0 || shift > 16) {
                throw new IllegalArgumentException("shift " + shift);
            }
        }
    }
}
