// SPDX-License-Identifier: Apache-2.0
package org.semimage.text;

import org.junit.jupiter.api.Test;
import org.semimage.compute.Cancellation;
import org.semimage.model.Models;
import org.semimage.text.TextSearch.Found;
import org.semimage.text.TextSearch.Topic;

import javax.imageio.IIOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class TextSearchTest {

    private static final List<Topic> SNOW = List.of(new Topic(List.of("mountain", "mountains"), 9), new Topic(List.of("snowy", "snow"), 8),
            new Topic(List.of("cat"), -9));

    private static TextSearch search(double price) throws IIOException {
        return new TextSearch(Models.text(), 8, 12, price);
    }

    @Test
    void saysWhatHasMerit() throws IIOException {
        String text = search(0.5).best(SNOW, 1, Cancellation.NEVER).get(0).text();
        List<String> words = Arrays.asList(text.split(" "));
        assertTrue(words.contains("mountain") || words.contains("mountains"), text);
        assertTrue(words.contains("snowy") || words.contains("snow"), text);
        assertFalse(words.contains("cat"), text);
    }

    @Test
    void bitsAreThoseOfTheCodec() throws IIOException {
        for (Found found : search(0.5).best(SNOW, 5, Cancellation.NEVER)) {
            int bytes = Models.textCodec().encode(found.text()).length;
            assertEquals(Math.ceil(found.bits() / 8), bytes, 1, found.text());
        }
    }

    @Test
    void bestComesFirstAndNoneTwice() throws IIOException {
        List<Found> found = search(0.5).best(SNOW, 10, Cancellation.NEVER);
        assertEquals(10, found.size());
        for (int i = 1; i < found.size(); i++) {
            assertTrue(found.get(i - 1).score() >= found.get(i).score());
        }
        assertEquals(10, found.stream().map(Found::text).distinct().count());
    }

    @Test
    void dearBitsMakeTheTextShort() throws IIOException {
        String free = search(0.2).best(SNOW, 1, Cancellation.NEVER).get(0).text();
        String dear = search(3).best(SNOW, 1, Cancellation.NEVER).get(0).text();
        assertTrue(dear.length() < free.length(), free + " / " + dear);
    }

    @Test
    void wordsThatThePriorDoesNotKnowAreIgnored() throws IIOException {
        assertEquals(1, search(1).best(List.of(new Topic(List.of("xyzzyq"), 50)), 1, Cancellation.NEVER).size());
    }

    @Test
    void stopsWhenAsked() {
        Cancellation cancellation = new Cancellation();
        cancellation.request();
        assertThrows(CancellationException.class, () -> search(1).best(SNOW, 1, cancellation));
    }
}
