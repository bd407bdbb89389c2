// SPDX-License-Identifier: Apache-2.0
package org.semimage.cli;

import org.semimage.profile.Tune;
import picocli.CommandLine;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Reads a tune from its name. */
public final class TuneConverter implements CommandLine.ITypeConverter<Tune> {

    @Override
    public Tune convert(String label) {
        return Tune.ofLabel(label).orElseThrow(() -> new CommandLine.TypeConversionException("'" + label + "' is none of "
                + Arrays.stream(Tune.values()).map(Tune::label).collect(Collectors.joining(", "))));
    }
}
