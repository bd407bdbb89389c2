// SPDX-License-Identifier: Apache-2.0
package org.semimage.cli;

import org.semimage.profile.EncodeOptions;
import picocli.CommandLine;

/** Reads an effort, a small whole number. */
public final class EffortConverter implements CommandLine.ITypeConverter<Integer> {

    @Override
    public Integer convert(String text) {
        try {
            int effort = Integer.parseInt(text);
            if (effort >= EncodeOptions.MIN_EFFORT && effort <= EncodeOptions.MAX_EFFORT) {
                return effort;
            }
        } catch (NumberFormatException notANumber) {
            throw new CommandLine.TypeConversionException("'" + text + "' is no whole number");
        }
        throw new CommandLine.TypeConversionException(text + " is not in " + EncodeOptions.MIN_EFFORT + ".." + EncodeOptions.MAX_EFFORT);
    }
}
