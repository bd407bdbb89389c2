// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.transform;

import org.semimage.compute.Cancellation;
import org.semimage.compute.wavelet.Pyramid;
import org.semimage.container.SemHeader;
import org.semimage.picture.PixelSource;
import org.semimage.profile.EncodeOptions.RegionOfInterest;

import javax.imageio.IIOException;
import java.util.List;

/**
 * What is coded in the place of a picture: the picture itself, or a smaller one, and that folded if it is thin.
 *
 * @param header of the picture
 * @param shrink how much smaller it is
 * @param fold   of the smaller one
 */
record CodedPicture(SemHeader header, Shrink shrink, Fold fold) {

    /** What is coded under a header at {@code 2^-log2} of the size. */
    static CodedPicture of(SemHeader header, int log2) {
        Shrink shrink = Shrink.of(header, log2);
        return new CodedPicture(header, shrink, Fold.of(shrink.codedWidth(), shrink.codedHeight()));
    }

    /** The header with the size of what is coded. */
    SemHeader codedHeader() {
        return fold.coded(shrink.coded(header));
    }

    /** Rows of what is coded, padded. */
    int paddedHeight() {
        return Pyramid.padded(fold.codedHeight());
    }

    /** Columns of what is coded, padded. */
    int paddedWidth() {
        return Pyramid.padded(fold.codedWidth());
    }

    /** What is coded of the picture. */
    PixelSource of(PixelSource picture, Cancellation cancellation) throws IIOException {
        return fold.coded(shrink.coded(picture, cancellation));
    }

    /** Regions of interest of what is coded. */
    List<RegionOfInterest> of(List<RegionOfInterest> interest) {
        return fold.coded(shrink.coded(interest));
    }
}
