// SPDX-License-Identifier: Apache-2.0
package org.semimage.model;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.semimage.compute.tensor.Json;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What docs/LICENCES.md promises of every embedded pack. */
class PackLicencesTest {

    /** Of what weights may be trained on; docs/LICENCES.md says why. */
    private static final Pattern LICENCE = Pattern.compile(
        "(CC0|CC[- ]BY([- ]SA)?([ -][1-4]\\.\\d|/free licence)|Unsplash|Pexels License|[Pp]ublic [Dd]omain|free use|Apache-2\\.0|MIT"
                    + "|BSD-[23]-Clause).*");

    private static Path classes() throws URISyntaxException {
        return Path.of(Models.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    static List<String> packs() throws IOException, URISyntaxException {
        try (Stream<Path> packs = Files.list(classes().resolve("org/semimage/packs"))) {
            return packs.map(pack -> pack.getFileName().toString()).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("packs")
    void everySourceOfAnEmbeddedPackHasALicenceThatAllowsTraining(String pack) throws IOException, URISyntaxException {
        Json manifest = manifest(pack);
        assertEquals("Apache-2.0", manifest.get("licence").string());
        assertFalse(manifest.get("provenance").elements().isEmpty());
        for (Json source : manifest.get("provenance").elements()) {
            assertFalse(source.get("source").string().isBlank());
            String licence = source.get("licence").string();
            assertTrue(LICENCE.matcher(licence).matches() && !licence.matches(".*(NC|ND|GPL).*"), licence);
        }
    }

    @ParameterizedTest
    @MethodSource("packs")
    void theNoticeNamesEverySourceOfAnEmbeddedPackWithItsLicence(String pack) throws IOException, URISyntaxException {
        Json manifest = manifest(pack);
        StringBuilder expected = new StringBuilder("\nPack " + pack + "\n  licence of the weights: "
                + manifest.get("licence").string() + '\n');
        for (Json source : manifest.get("provenance").elements()) {
            expected.append("  ").append(source.get("source").string())
                    .append("\n    licence: ").append(source.get("licence").string()).append('\n');
            source.find("photographs").ifPresent(n -> expected.append("    photographs: ").append(n.integer()).append('\n'));
        }
        String notice = Files.readString(classes().resolve("META-INF/NOTICE"));
        assertTrue(notice.contains(expected), () -> "no\n" + expected + "in\n" + notice);
    }

    @ParameterizedTest
    @MethodSource("packs")
    void aCaptionPackLearnsNothingThatAsksForLikeLicences(String pack) throws IOException, URISyntaxException {
        Json manifest = manifest(pack);
        if ("caption".equals(manifest.get("profile").string())) {
            manifest.get("provenance").elements().forEach(source -> assertFalse(source.get("licence").string().contains("SA")));
        }
    }

    private static Json manifest(String pack) throws IOException, URISyntaxException {
        return Json.parse(Files.readString(classes().resolve("org/semimage/packs/" + pack + "/manifest.json")));
    }
}
