// SPDX-License-Identifier: Apache-2.0
package org.semimage.cli;

import org.semimage.container.ProfileId;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Reads the label of a profile. */
public final class ProfileConverter implements ITypeConverter<ProfileId> {

    @Override
    public ProfileId convert(String label) {
        return ProfileId.ofLabel(label).orElseThrow(() -> new TypeConversionException("'" + label + "' is not one of "
                + Arrays.stream(ProfileId.values()).map(ProfileId::label).collect(Collectors.joining(", "))));
    }
}
