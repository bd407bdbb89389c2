// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.kit;

import java.util.List;

/**
 * What is due of a decoder for a vector: the content of its JSON file (docs/CONFORMANCE.md, "The JSON files"). What is null is not asked
 * for.
 *
 * @param about        what the file is, in a sentence
 * @param requirements ids of FORMAT.md that it shows
 * @param refused      if the file is to be refused, what the reference implementation says; of another decoder any refusal will do
 * @param warning      whether the decoder should warn
 * @param pictures     those of the file, in order; null if it is to be refused
 */
public record Due(String about, List<String> requirements, String refused, Boolean warning, List<Picture> pictures) {

    /**
     * A picture.
     *
     * @param profile      caption, descriptor, generative, transform or lossless
     * @param width        columns
     * @param height       rows
     * @param planes       gray, gray+alpha, rgb or rgb+alpha
     * @param bits         of a sample
     * @param model        none, embedded:N or sha256:DIGEST
     * @param samples      its samples
     * @param coefficients SHA-256 of the quantized coefficients; see {@link Coefficients}
     * @param latents      what latents are multiples of
     * @param text         what the payload says in words
     * @param descriptors  what the payload says in numbers
     * @param metadata     what ancillary chunks say
     */
    public record Picture(String profile, int width, int height, String planes, int bits, String model, Samples samples,
                          String coefficients, Latents latents, String text, Numbers descriptors, Metadata metadata) {

        Picture with(Samples others) {
            return new Picture(profile, width, height, planes, bits, model, others, coefficients, latents, text, descriptors,
                    metadata);
        }
    }

    /**
     * Samples: exact ones by their hash, others by a reference. With neither, only the size counts.
     *
     * @param sha256    of all samples ({@link Digests#samples})
     * @param reference a PNG file beside the JSON file
     * @param psnr      the least PSNR of the colour samples against the reference, in dB
     * @param largest   the largest difference of a colour sample
     * @param mean      the largest mean difference, sign included, of a colour plane
     * @param alpha     SHA-256 of the alpha plane, which is exact
     */
    public record Samples(String sha256, String reference, Double psnr, Integer largest, Double mean, String alpha) {
    }

    /**
     * Latents of a picture of the generative profile whose pack need not be there.
     *
     * @param channels of them
     * @param stride   samples to a latent, in each direction
     * @param sha256   of the integers that they are multiples of (docs/CONFORMANCE.md, "Latents")
     */
    public record Latents(int channels, int stride, String sha256) {
    }

    /**
     * Descriptors.
     *
     * @param columns         cells of the layout's grid along a row
     * @param rows            and along a column
     * @param layoutCount     amplitudes that the payload tells
     * @param textureCount    cepstral coefficients that it tells
     * @param amplitudes      those that are not 0, by component, <i>v</i>, <i>u</i>: each these three and the amplitude
     * @param texture         by level from the finest, orientation and region
     */
    public record Numbers(int columns, int rows, int layoutCount, int textureCount, List<double[]> amplitudes, double[] texture) {
    }

    /**
     * Metadata.
     *
     * @param icc        SHA-256 of the ICC profile
     * @param exif       SHA-256 of Exif
     * @param xmp        SHA-256 of XMP
     * @param texts      keyword, language and text of each
     * @param thumbnails how many there are
     */
    public record Metadata(String icc, String exif, String xmp, List<List<String>> texts, Integer thumbnails) {
    }
}
