// SPDX-License-Identifier: Apache-2.0
package org.semimage.imageio;

import org.junit.jupiter.api.Test;
import org.semimage.metadata.ExtendedXmp;

import javax.imageio.IIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** XMP beyond the 64 kB of a JPEG segment. */
class ExtendedXmpTest {

    private static final String RDF = "<x:xmpmeta xmlns:x='adobe:ns:meta/'>"
            + "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description %s/></rdf:RDF></x:xmpmeta>";
    private static final byte[] EXTENSION = RDF.formatted("xmlns:p='urn:p' p:depthMap='" + "QUJD".repeat(18_000) + "'")
            .getBytes(StandardCharsets.UTF_8);

    private static byte[] pointing(byte[] extension) throws Exception {
        String digest = HexFormat.of().withUpperCase().formatHex(MessageDigest.getInstance("MD5").digest(extension));
        return RDF.formatted("xmlns:n='http://ns.adobe.com/xmp/note/' n:HasExtendedXMP='" + digest + "' xmlns:q='urn:q' q:own='\u00e4'")
                .getBytes(StandardCharsets.UTF_8);
    }

    /** Segments with pieces of the extension. */
    private static Object[] segments(byte[] packet, int... offsetsAndLengths) throws Exception {
        String digest = HexFormat.of().withUpperCase().formatHex(MessageDigest.getInstance("MD5").digest(EXTENSION));
        List<Object> segments = new ArrayList<>(List.of(0xE1, ForeignMetadataTest.join("http://ns.adobe.com/xap/1.0/\0", packet)));
        for (int i = 0; i < offsetsAndLengths.length; i += 2) {
            ByteBuffer piece = ByteBuffer.allocate(40 + offsetsAndLengths[i + 1]).put(digest.getBytes()).putInt(EXTENSION.length)
                    .putInt(offsetsAndLengths[i]).put(EXTENSION, offsetsAndLengths[i], offsetsAndLengths[i + 1]);
            segments.addAll(List.of(0xE1, ForeignMetadataTest.join("http://ns.adobe.com/xmp/extension/\0", piece.array())));
        }
        return segments.toArray();
    }

    @Test
    void xmpBeyondASegmentIsPutTogether() throws Exception {
        int rest = EXTENSION.length - 60_000;
        for (int[] order : new int[][] {{0, 60_000, 60_000, rest}, {60_000, rest, 0, 60_000}}) {
            List<String> warnings = new ArrayList<>();
            byte[] file = ForeignMetadataTest.jpeg(segments(pointing(EXTENSION), order));
            String xmp = new String(ForeignMetadataTest.transcoded(file, warnings).xmp().orElseThrow(), StandardCharsets.UTF_8);
            assertEquals(List.of(), warnings);
            assertTrue(xmp.contains("p:depthMap") && xmp.contains("q:own=\"\u00e4\""), "both parts are there");
            assertFalse(xmp.contains("HasExtendedXMP"), "nothing is left to point to");
        }
    }

    @Test
    void anExtensionThatIsNotWholeOrAnotherOneIsWarnedOfAndThePacketKept() throws Exception {
        byte[] packet = pointing(EXTENSION);
        byte[] other = pointing(new byte[1]);
        for (Object[] segments : new Object[][] {segments(packet), segments(packet, 0, 60_000),
                segments(packet, 60_000, EXTENSION.length - 60_000), segments(other, 0, 60_000, 60_000, EXTENSION.length - 60_000)}) {
            List<String> warnings = new ArrayList<>();
            byte[] xmp = ForeignMetadataTest.transcoded(ForeignMetadataTest.jpeg(segments), warnings).xmp().orElseThrow();
            assertTrue(new String(xmp, StandardCharsets.UTF_8).contains("HasExtendedXMP"));
            assertEquals(1, warnings.size(), warnings.toString());
            assertTrue(warnings.get(0).startsWith("Not carried over: of the extension of its XMP there are "), warnings.get(0));
        }
    }

    @Test
    void anExtensionWithAnotherDigestThanItsOwnIsNotTheOneThatIsNamed() throws Exception {
        String digest = HexFormat.of().withUpperCase().formatHex(MessageDigest.getInstance("MD5").digest(EXTENSION));
        byte[] damaged = EXTENSION.clone();
        damaged[1000]++;
        ExtendedXmp extended = new ExtendedXmp();
        extended.add(ByteBuffer.allocate(40 + damaged.length).put(digest.getBytes()).putInt(damaged.length).putInt(0).put(damaged).array());
        byte[] packet = pointing(EXTENSION);
        assertTrue(assertThrows(IIOException.class, () -> extended.with(packet)).getMessage().contains("not the one"));
    }
}
