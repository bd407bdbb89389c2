// SPDX-License-Identifier: Apache-2.0
package org.semimage.reflect;

import org.junit.jupiter.api.Test;
import org.semimage.compute.Cancellation;
import org.semimage.compute.Watcher;
import org.semimage.container.Chunk;
import org.semimage.container.ModelRef;
import org.semimage.container.PixelFormat;
import org.semimage.container.ProfileId;
import org.semimage.container.SemFile;
import org.semimage.container.SemHeader;
import org.semimage.picture.PixelPlanes;

import javax.imageio.IIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ReflectorTest {

    private static final PixelPlanes ORIGINAL = plain(100);

    private final List<String> heard = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    private static PixelPlanes plain(int sample) {
        PixelPlanes picture = PixelPlanes.blank(32, 16, PixelFormat.RGB);
        for (short[] plane : picture.samples()) {
            Arrays.fill(plane, (short) sample);
        }
        return picture;
    }

    private static Proposal say(Object caption) {
        return Proposal.of("test", Optional.of(caption.toString()));
    }

    /** Captions are numbers, and pictures plain ones of such samples; numbers above 200 do not fit, those below 0 cannot be decoded. */
    private static class Numbers implements Reflector.Coder {

        private final int step;

        Numbers(int step) {
            this.step = step;
        }

        @Override
        public SemFile encode(Proposal proposal) throws IIOException {
            if (number(proposal) > 200) {
                throw new IIOException(number(proposal) + " does not fit");
            }
            return SemFile.of(new SemHeader(ProfileId.CAPTION, 32, 16, PixelFormat.RGB, ModelRef.NONE),
                    List.of(new Chunk(Chunk.CAPTION, proposal.caption().orElseThrow().getBytes())));
        }

        private static int number(Proposal proposal) {
            return Integer.parseInt(proposal.caption().orElseThrow());
        }

        @Override
        public PixelPlanes decode(SemFile file) throws IIOException {
            int sample = Integer.parseInt(new String(file.chunk(Chunk.CAPTION).orElseThrow().payload()));
            if (sample < 0) {
                throw new IIOException("out of paint");
            }
            return plain(sample);
        }

        @Override
        public double bits(Proposal proposal) {
            return 8;
        }

        @Override
        public List<Proposal> around(Proposal best, SemFile file) {
            return List.of(say(number(best) + step), say(number(best) - step));
        }
    }

    private Reflection reflect(int step, int tries, Object... first) throws IIOException {
        Trace trace = new Trace() {
            @Override
            public void tried(Attempt attempt) {
                heard.add(attempt.proposal().caption().orElseThrow() + (attempt.best() ? "!" : ""));
            }

            @Override
            public void dropped(Proposal proposal, String why) {
                heard.add(why);
            }

            @Override
            public void ends(Proposal kept) {
                heard.add("kept " + kept.caption().orElseThrow());
            }
        };
        Watcher watcher = new Watcher() {
            @Override
            public void warning(String message) {
                warnings.add(message);
            }
        };
        return Reflector.reflect(ORIGINAL, Arrays.stream(first).map(ReflectorTest::say).toList(), new Numbers(step), tries, trace, watcher);
    }

    @Test
    void walksToTheNearestPicture() throws IIOException {
        Reflection reflection = reflect(5, 100, 70, 80);
        assertEquals(Optional.of("100"), reflection.proposal().caption());
        assertTrue(reflection.score().orElseThrow().distance() < 0.1);
        assertEquals(List.of("70!", "80!", "85!", "75", "90!", "95!", "100!", "105", "kept 100"), heard);
    }

    @Test
    void stopsWhereTriesEnd() throws IIOException {
        assertEquals(Optional.of("85"), reflect(5, 3, 70, 80).proposal().caption());
        assertEquals(List.of("70!", "80!", "85!", "kept 85"), heard);
    }

    @Test
    void whatDoesNotFitIsPassedOver() throws IIOException {
        assertEquals(Optional.of("190"), reflect(0, 10, 201, 190, 300).proposal().caption());
        assertEquals(List.of("201 does not fit", "190!", "300 does not fit", "kept 190"), heard);
        assertEquals("300 does not fit", assertThrows(IIOException.class, () -> reflect(1, 10, 201, 300)).getMessage());
    }

    @Test
    void whatCannotBeDecodedEndsItWithAWarning() throws IIOException {
        assertEquals(Optional.of("-1"), reflect(1, 10, -1, 50).proposal().caption());
        assertEquals(Optional.of("50"), reflect(1, 10, 50, -1, 100).proposal().caption());
        assertEquals(2, warnings.size());
        assertTrue(warnings.get(0).endsWith("out of paint"));
    }

    @Test
    void aRequestToStopIsHeard() {
        Cancellation cancellation = new Cancellation();
        cancellation.request();
        assertThrows(CancellationException.class, () -> Reflector.reflect(ORIGINAL, List.of(say(1)), new Numbers(1), 10, Trace.NONE,
                Watcher.silent(cancellation)));
    }

    @Test
    void proposalsOfImpossibleNumbersAreRefused() {
        Proposal plain = say("x");
        for (int step : new int[] {-1, 32}) {
            assertThrows(IllegalArgumentException.class, () -> plain.withQuantizerStep("x", step));
        }
        for (int percent : new int[] {0, -1, 201}) {
            assertThrows(IllegalArgumentException.class, () -> plain.withContrast("x", percent));
        }
        assertThrows(IllegalArgumentException.class, () -> plain.withSpare("x", -1));
    }
}
