// SPDX-License-Identifier: Apache-2.0
package org.semimage.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

import java.awt.Rectangle;
import java.io.IOException;
import java.util.OptionalInt;

/**
 * A rectangle of a picture on the command line: {@code X,Y,WIDTH,HEIGHT}, and perhaps a gain behind it.
 *
 * @param gain what stands behind the rectangle, if anything does
 */
record Region(Rectangle area, OptionalInt gain) {

    /**
     * The part of the region that lies in a picture.
     *
     * @param option that the region was given with
     * @throws IOException if it is empty
     */
    Rectangle within(Rectangle picture, String option) throws IOException {
        Rectangle inside = area.intersection(picture);
        if (inside.isEmpty()) {
            throw new IOException(option + " " + area.x + "," + area.y + "," + area.width + "," + area.height
                    + " is outside of the picture of " + picture.width + "x" + picture.height);
        }
        return inside;
    }

    /** Refuses a text that is no region with a {@link TypeConversionException}. */
    static final class Converter implements ITypeConverter<Region> {

        @Override
        public Region convert(String text) {
            String[] numbers = text.split(",");
            if (numbers.length < 4 || numbers.length > 5) {
                throw new TypeConversionException("'" + text + "' is not X,Y,WIDTH,HEIGHT");
            }
            try {
                Rectangle area = new Rectangle(Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1]), Integer.parseInt(numbers[2]),
                        Integer.parseInt(numbers[3]));
                if (area.x < 0 || area.y < 0 || area.isEmpty()) {
                    throw new TypeConversionException("'" + text + "' is empty or leaves the picture");
                }
                return new Region(area, numbers.length == 5 ? OptionalInt.of(Integer.parseInt(numbers[4])) : OptionalInt.empty());
            } catch (NumberFormatException e) {
                throw new TypeConversionException("'" + text + "' is not X,Y,WIDTH,HEIGHT in whole numbers");
            }
        }
    }
}
