// SPDX-License-Identifier: Apache-2.0
package org.semimage.cli;

import org.semimage.container.ProfileId;
import org.semimage.profile.EncodeOptions;
import org.semimage.profile.Tune;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which options go with which profile. One that does not apply is a usage error, as it would otherwise be without effect. */
public final class ProfileOptions {

    private static final Set<ProfileId> TRANSFORM = Set.of(ProfileId.TRANSFORM);

    /** Bytes of a file that may be one of words, though no profile is chosen. */
    private static final int WORDS = 400;

    /** Options that some profiles only have a use for; all others go with every profile. */
    private static final Map<String, Set<ProfileId>> USERS = Map.ofEntries(
            Map.entry("--quality", Set.of(ProfileId.TRANSFORM, ProfileId.DESCRIPTOR, ProfileId.GENERATIVE)),
            Map.entry("--qualities", Set.of(ProfileId.TRANSFORM, ProfileId.DESCRIPTOR)),
            Map.entry("--psnr", TRANSFORM),
            Map.entry("--roi", TRANSFORM),
            Map.entry("--protect", TRANSFORM),
            Map.entry("--tune", TRANSFORM),
            Map.entry("--effort", Set.of(ProfileId.TRANSFORM, ProfileId.LOSSLESS, ProfileId.CAPTION, ProfileId.DESCRIPTOR)),
            Map.entry("--trace", Set.of(ProfileId.TRANSFORM, ProfileId.CAPTION, ProfileId.DESCRIPTOR)),
            Map.entry("--progressive", TRANSFORM),
            Map.entry("--shrink", TRANSFORM),
            Map.entry("--caption", Set.of(ProfileId.CAPTION, ProfileId.DESCRIPTOR, ProfileId.GENERATIVE)));

    private ProfileOptions() {
    }

    /**
     * Refuses options without effect.
     *
     * @throws ParameterException if an option was given that has no effect beside the others
     */
    public static void check(ProfileId profile, CommandLine command) {
        List<String> useless = USERS.entrySet().stream().filter(e -> !e.getValue().contains(profile)).map(Map.Entry::getKey).sorted()
                .toList();
        refuse(useless, "with --profile " + profile.label(), command);
        ParseResult given = command.getParseResult();
        if (profile == ProfileId.CAPTION && given.hasMatchedOption("--caption")) {
            refuse(List.of("--effort", "--trace"), "with --caption in the profile caption", command);
        }
        boolean small = given.matchedOptionValue("--bytes", Integer.MAX_VALUE) <= WORDS;
        if (profile == ProfileId.TRANSFORM && (!small || given.hasMatchedOption("--profile"))) {
            refuse(List.of("--trace"), "without --profile caption or descriptor, or --bytes of at most " + WORDS, command);
        }
        if (profile == ProfileId.TRANSFORM && !small && given.matchedOptionValue("--effort", 1) > 1) {
            if (given.matchedOptionValue("--tune", EncodeOptions.DEFAULT_TUNE) == Tune.PERCEPTUAL) {
                refuse(List.of("--effort"), "with --tune perceptual", command);
            }
            if (given.hasMatchedOption("--progressive")) {
                refuse(List.of("--effort"), "with --progressive", command);
            }
        }
    }

    /**
     * Refuses options that have no place here.
     *
     * @throws ParameterException if one of the options was given
     */
    static void refuse(List<String> options, String where, CommandLine command) {
        List<String> given = options.stream().filter(command.getParseResult()::hasMatchedOption).toList();
        if (!given.isEmpty()) {
            throw new ParameterException(command, String.join(", ", given) + (given.size() == 1 ? " has" : " have")
                    + " no effect " + where);
        }
    }
}
