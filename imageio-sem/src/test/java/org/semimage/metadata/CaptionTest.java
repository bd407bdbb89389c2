// SPDX-License-Identifier: Apache-2.0
package org.semimage.metadata;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

class CaptionTest {

    private static final String XMP = """
            <?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>
            <x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
            <rdf:Description rdf:about="" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
              xmlns:dc="http://purl.org/dc/elements/1.1/"
              %s><dc:description><rdf:Alt><rdf:li xml:lang="x-default">Two boats</rdf:li></rdf:Alt></dc:description>%s
            </rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>""";
    private static final String URI = "http://cv.iptc.org/newscodes/digitalsourcetype/compositeSynthetic";

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static byte[] resources(String caption, boolean utf8) {
        ByteArrayOutputStream model = new ByteArrayOutputStream();
        if (utf8) {
            dataset(model, 1, 90, "\033%G".getBytes(StandardCharsets.ISO_8859_1));
        }
        dataset(model, 2, 120, caption.getBytes(utf8 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {'8', 'B', 'I', 'M', 4, 0x25, 0, 0, 0, 0, 0, 3, 1, 2, 3, 0});
        out.writeBytes(new byte[] {'8', 'B', 'I', 'M', 4, 4, 0, 0, 0, 0, (byte) (model.size() >> 8), (byte) model.size()});
        out.writeBytes(model.toByteArray());
        return out.toByteArray();
    }

    private static void dataset(ByteArrayOutputStream out, int record, int number, byte[] value) {
        out.writeBytes(new byte[] {0x1C, (byte) record, (byte) number, (byte) (value.length >> 8), (byte) value.length});
        out.writeBytes(value);
    }

    @Test
    void theSourceTypeIsFoundAsElementOrAttribute() {
        String element = "<Iptc4xmpExt:DigitalSourceType> " + URI + "\n</Iptc4xmpExt:DigitalSourceType>";
        assertEquals(Optional.of(URI), Xmp.digitalSourceType(utf8(XMP.formatted("", element))));
        assertEquals(Optional.of(URI), Xmp.digitalSourceType(utf8(XMP.formatted("Iptc4xmpExt:DigitalSourceType=\"" + URI + "\"", ""))));
        assertEquals(Optional.empty(), Xmp.digitalSourceType(utf8(XMP.formatted("", ""))));
        assertEquals(Optional.of("Two boats"), Xmp.caption(utf8(XMP.formatted("", ""))));
    }

    @Test
    void xmpThatIsNoXmlOrWantsEntitiesSaysNothing() {
        assertEquals(Optional.empty(), Xmp.caption(utf8("<x")));
        assertEquals(Optional.empty(), Xmp.caption(utf8("<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><x>&e;</x>")));
    }

    @Test
    void theIptcCaptionIsFoundInEitherCharacterSet() {
        assertEquals(Optional.of("Zwei B\u00e4ren"), Iptc.captionOfResources(resources("Zwei B\u00e4ren", false)));
        assertEquals(Optional.of("\u732b"), Iptc.captionOfResources(resources("\u732b", true)));
        assertEquals(Optional.empty(), Iptc.captionOfResources(new byte[0]));
    }

    @Test
    void damagedIptcEndsQuietly() {
        Random random = new Random(3);
        for (int i = 0; i < 20_000; i++) {
            byte[] damaged = resources("a caption", true);
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            assertNotNull(Iptc.captionOfResources(damaged));
        }
    }
}
