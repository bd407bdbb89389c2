// SPDX-License-Identifier: Apache-2.0
package org.semimage.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The size of a picture in pixels.
 *
 * @param width  columns, at least 1
 * @param height rows, at least 1
 */
record Size(int width, int height) {

    private static final int MAX_SIDE = 16384;

    @Override
    public String toString() {
        return width + "x" + height;
    }

    /** Reads {@code 640x480}. */
    static final class Converter implements ITypeConverter<Size> {

        private static final Pattern SIZE = Pattern.compile("(\\d{1,5})x(\\d{1,5})");

        @Override
        public Size convert(String text) {
            Matcher matcher = SIZE.matcher(text);
            if (matcher.matches()) {
                Size size = new Size(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
                if (Math.min(size.width, size.height) >= 1 && Math.max(size.width, size.height) <= MAX_SIDE) {
                    return size;
                }
            }
            throw new TypeConversionException("'" + text + "' is not a size like 640x480 with sides of 1 to " + MAX_SIDE);
        }
    }
}
