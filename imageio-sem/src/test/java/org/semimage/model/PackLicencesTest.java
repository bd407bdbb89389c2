// SPDX-License-Identifier: Apache-2.0
package org.semimage.model;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.semimage.compute.tensor.Json;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
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
        "(CC0|CC[- ]BY([- ]SA)?([ -][1-4]\\.\\d|/free licence)|Unsplash|Pexels License|[Pp]ublic [Dd]omain|free use|Apache-2\\.0|MIT|BSD-[23]-Clause).*");

    static List<String> packs() throws IOException, URISyntaxException {
        Path folder = Path.of(Models.class.getResource("/org/semimage/packs").toURI());
        try (Stream<Path> packs = Files.list(folder)) {
            return packs.map(pack -> pack.getFileName().toString()).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("packs")
    void everySourceOfAnEmbeddedPackHasALicenceThatAllowsTraining(String pack) throws IOException {
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
    void theNoticeNamesEverySourceOfAnEmbeddedPackWithItsLicence(String pack) throws IOException {
        Json manifest = manifest(pack);
        StringBuilder expected = new StringBuilder("\nPack " + pack + "\n  licence of the weights: " + manifest.get("licence").string() + '\n');
        for (Json source : manifest.get("provenance").elements()) {
            expected.append("  ").append(source.get("source").string()).append("\n    licence: ").append(source.get("licence").string()).append('\n');
            source.find("photographs").ifPresent(n -> expected.append("    photographs: ").append(n.integer()).append('\n'));
        }
        String notice = resource("/META-INF/NOTICE");
        assertTrue(notice.contains(expected), () -> "no\n" + expected + "in\n" + notice);
    }

    @ParameterizedTest
    @MethodSource("packs")
    void aCaptionPackLearnsNothingThatAsksForLikeLicences(String pack) throws IOException {
        Json manifest = manifest(pack);
        if ("caption".equals(manifest.get("profile").string())) {
            manifest.get("provenance").elements().forEach(source -> assertFalse(source.get("licence").string().contains("SA")));
        }
    }

    private static Json manifest(String pack) throws IOException {
        return Json.parse(resource("/org/semimage/packs/" + pack + "/manifest.json"));
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = Models.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
