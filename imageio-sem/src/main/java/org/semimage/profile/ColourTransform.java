package org.semimage.profile;

/**
 * The orthonormal colour transform between sRGB samples and the three components that the wavelet takes (FORMAT.md, "Colour").
 *
 * <p>Component 0 is luma, 1 red against blue, 2 green against magenta; all are centred on zero. Being orthonormal, it keeps
 * squared errors, so a quantizer that is even over components is even over RGB. Gray pictures have component 0 alone.
 */
final class ColourTransform {

    private static final float LUMA = (float) (1 / Math.sqrt(3));
    private static final float RED_BLUE = (float) (1 / Math.sqrt(2));
    private static final float GREEN = (float) (1 / Math.sqrt(6));
    private static final float MIDDLE = 127.5f;

    private ColourTransform() {
    }

    /**
     * Components of a picture, its last row and column repeated up to the padded size.
     *
     * @return {@code [3][height * width]}
     */
    static float[][] forward(PixelPlanes image, int height, int width) {
        float[][] components = new float[3][height * width];
        short[][] s = image.samples();
        boolean gray = image.format().isGray();
        for (int y = 0; y < height; y++) {
            int row = Math.min(y, image.height() - 1) * image.width();
            for (int x = 0; x < width; x++) {
                int from = row + Math.min(x, image.width() - 1);
                int to = y * width + x;
                if (gray) {
                    components[0][to] = ((s[0][from] & 0xFFFF) - MIDDLE) / LUMA;
                } else {
                    float r = (s[0][from] & 0xFFFF) - MIDDLE;
                    float g = (s[1][from] & 0xFFFF) - MIDDLE;
                    float b = (s[2][from] & 0xFFFF) - MIDDLE;
                    components[0][to] = LUMA * (r + g + b);
                    components[1][to] = RED_BLUE * (r - b);
                    components[2][to] = GREEN * (r - 2 * g + b);
                }
            }
        }
        return components;
    }

    /**
     * Writes the colour planes of a picture.
     *
     * @param components {@code [3]} planes of rows of {@code width} samples, at least as large as the picture
     * @param factor     applied to every component first
     */
    static void inverse(float[][] components, int width, float factor, PixelPlanes image) {
        short[][] s = image.samples();
        for (int y = 0; y < image.height(); y++) {
            for (int x = 0; x < image.width(); x++) {
                int from = y * width + x;
                int to = y * image.width() + x;
                float luma = LUMA * factor * components[0][from];
                if (image.format().isGray()) {
                    s[0][to] = sample(luma);
                } else {
                    float redBlue = RED_BLUE * factor * components[1][from];
                    float green = GREEN * factor * components[2][from];
                    s[0][to] = sample(luma + redBlue + green);
                    s[1][to] = sample(luma - 2 * green);
                    s[2][to] = sample(luma - redBlue + green);
                }
            }
        }
    }

    private static short sample(float centred) {
        return (short) Math.max(0, Math.min(255, Math.round(centred + MIDDLE)));
    }
}
