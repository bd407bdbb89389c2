// SPDX-License-Identifier: Apache-2.0
package org.semimage.text;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.semimage.model.Models;

import javax.imageio.IIOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class TextCodecTest {

    private static byte[] assertSurvives(String text) throws IIOException {
        byte[] bytes = Models.textCodec().encode(text);
        assertEquals(text, Models.textCodec().decode(bytes));
        return bytes;
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", " ", "  ", " a cat", "a cat ", "a  cat", "a cat sitting on top of a wooden bench", "A cat.",
            "A STOP sign",
            "NASA's iPhone", "the dog's close-up, of-the-moment!", "it's 10:30", "xyzzyqwv plugh", "tab\tnewline\n\u0000\u007F",
            "cafe\u0301 caf\u00E9",
            "\u043A\u043E\u0448\u043A\u0430 \u0441\u0438\u0434\u0438\u0442", "\u732B\u304C\u5EA7\u308B",
            "a cat \uD83D\uDC31\uD83D\uDC31 here", "\uD800", "\uDC00\uD83D", "x\uD83D y\uDC31z",
            "Aa aA AA A1 1A", "'", "''s", "-", "a-b-c", "U.S.A.", "@#$%^&*()_+{}|[]", "CATs Cats cATS"})
    void everyTextSurvives(String text) throws IIOException {
        assertSurvives(text);
    }

    @Property(tries = 300)
    void arbitraryTextsSurvive(@ForAll @StringLength(max = 40) String text) throws IIOException {
        assertSurvives(text);
    }

    @Property(tries = 200)
    void arbitraryCodeUnitsSurvive(@ForAll @Size(max = 12) char[] units) throws IIOException {
        assertSurvives(new String(units));
    }

    /** The coder leaves up to four zero bytes away, and rounds its end up. */
    @Property(tries = 100)
    void bitsAreThoseOfTheBytes(@ForAll @StringLength(max = 40) String text) throws IIOException {
        double bits = Models.textCodec().bits(text);
        int bytes = Models.textCodec().encode(text).length;
        assertTrue(bits > 0 && 8 * bytes <= bits + 10 && 8 * bytes >= bits - 34, text + ": " + bits + " bits, " + bytes + " bytes");
        assertThrows(IIOException.class, () -> Models.textCodec().bits("x".repeat(TextCodec.MAX_LENGTH + 1)));
    }

    @Test
    void theSentenceTakesThreeBytes() throws IIOException {
        assertTrue(assertSurvives("a cat sitting on top of a wooden bench").length <= 3);
    }

    @Test
    void ordinaryEnglishTakesFewBitsWithCapitalAndStop() throws IIOException {
        assertTrue(assertSurvives("A man riding a wave on top of a surfboard.").length <= 6);
    }

    @Test
    void theTapHearsEveryToken() throws IIOException {
        List<Integer> tokens = new ArrayList<>();
        Models.textCodec().decode(Models.textCodec().encode("Dog xqzv"), (token, state, frequencies) -> {
            tokens.add(token);
            assertEquals(TextPrior.HEAD, frequencies.length);
        });
        assertEquals(List.of(Vocabulary.CAPITAL, Vocabulary.SPELL, Vocabulary.END), List.of(tokens.get(0), tokens.get(2), tokens.get(3)));
        assertEquals(4, tokens.size());
    }

    @Test
    void otherScriptsTakeLessThanUtf8() throws IIOException {
        String text = "\u043A\u043E\u0448\u043A\u0430 \u0441\u0438\u0434\u0438\u0442 \u043D\u0430 "
                + "\u0434\u0435\u0440\u0435\u0432\u044F\u043D\u043D\u043E\u0439 \u0441\u043A\u0430\u043C\u0435\u0439\u043A\u0435";
        assertTrue(assertSurvives(text).length < text.getBytes(StandardCharsets.UTF_8).length);
    }

    @Test
    void tenThousandCharactersSurvive() throws IIOException {
        String text = "a dog runs on the beach, with a Stick that is 2 m long \u2603 ".repeat(200).substring(0, 10_000);
        assertSurvives(text);
    }

    @Test
    void longerThanTheLimitIsRefused() throws IIOException {
        assertSurvives("\u0001".repeat(TextCodec.MAX_LENGTH));
        IIOException failure = assertThrows(IIOException.class, () -> Models.textCodec().encode("x".repeat(TextCodec.MAX_LENGTH + 1)));
        assertTrue(failure.getMessage().contains("at most " + TextCodec.MAX_LENGTH), failure.getMessage());
    }

    @Test
    void damagedBytesGiveATextOrAnException() throws IIOException {
        byte[] bytes = Models.textCodec().encode("two horses graze in a field next to a Fence of barbed wire \u2603");
        Random random = new Random(5);
        for (int i = 0; i < 200; i++) {
            byte[] damaged = Arrays.copyOf(bytes, 1 + random.nextInt(bytes.length + 3));
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            decodeOrRefuse(damaged);
            random.nextBytes(damaged);
            decodeOrRefuse(damaged);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"081c19efc4505596f4c3 | a Dog", "071c1352993dbc8c91 | a xq", "031c134ff1 | a", "02012830 | ''"})
    void markersThatChangeNothingAreUsedUp(String lengthTextAndCheck, String text) throws IIOException {
        byte[] bytes = HexFormat.of().parseHex(lengthTextAndCheck);
        assertEquals(text, Models.textCodec().decode(Arrays.copyOfRange(bytes, 1, bytes.length - 1)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|',
            value = {"00fb7a | it does not begin with a word", "1bff7e734c40 | 'z' as a character that the alphabet lacks"})
    void aFaultIsCalledByItsName(String hex, String fault) {
        String message = assertThrows(IIOException.class, () -> Models.textCodec().decode(HexFormat.of().parseHex(hex))).getMessage();
        assertEquals("malformed text: " + fault, message);
    }

    private static void decodeOrRefuse(byte[] bytes) {
        try {
            assertTrue(Models.textCodec().decode(bytes).length() <= TextCodec.MAX_LENGTH + 1);
        } catch (IIOException e) {
            assertTrue(e.getMessage().startsWith("malformed text"), e.getMessage());
        }
    }

    @Test
    void frequenciesAreThoseOfTheTrainingProgram() throws Exception {
        try (Reader in = new InputStreamReader(TextCodecTest.class.getResourceAsStream("text-vectors.json"), StandardCharsets.UTF_8)) {
            for (JsonElement vector : JsonParser.parseReader(in).getAsJsonArray()) {
                assertVector(vector.getAsJsonObject());
            }
        }
    }

    private static void assertVector(JsonObject vector) throws IIOException {
        TextPrior prior = Models.text();
        TextPrior.State state = prior.start();
        String text = vector.get("text").getAsString();
        int[] tokens = prior.vocabulary().tokens(text).stream().mapToInt(Vocabulary.Token::id).toArray();
        assertEquals(tokens.length, vector.getAsJsonArray("steps").size(), text);
        for (int i = 0; i < tokens.length; i++) {
            JsonObject step = vector.getAsJsonArray("steps").get(i).getAsJsonObject();
            assertEquals(step.get("token").getAsInt(), tokens[i], text);
            state.next(i == 0 ? Vocabulary.END : tokens[i - 1]);
            int low = tokens[i] < TextPrior.HEAD ? 0 : tokens[i] < TextPrior.MIDDLE ? TextPrior.HEAD : TextPrior.MIDDLE;
            int high = low == 0 ? TextPrior.HEAD : low == TextPrior.HEAD ? TextPrior.MIDDLE : prior.vocabulary().words().size();
            int[] frequencies = state.frequencies(low, high);
            assertEquals(step.get("frequency").getAsInt(), frequencies[tokens[i] - low], text);
            assertEquals(step.get("total").getAsInt(), IntStream.of(frequencies).sum(), text);
        }
    }
}
