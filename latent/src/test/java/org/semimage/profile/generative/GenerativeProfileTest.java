// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.generative;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.semimage.compute.Cancellation;
import org.semimage.compute.Watcher;
import org.semimage.compute.diffusion.Sampler;
import org.semimage.container.Chunk;
import org.semimage.container.ModelRef;
import org.semimage.container.PixelFormat;
import org.semimage.container.ProfileId;
import org.semimage.container.SemFile;
import org.semimage.container.SemHeader;
import org.semimage.container.SemSerializer;
import org.semimage.generate.SynthesisPolicy;
import org.semimage.model.Models;
import org.semimage.picture.PixelPlanes;
import org.semimage.picture.Waves;
import org.semimage.profile.EncodeOptions;
import org.semimage.profile.GenerativeOptions;
import org.semimage.profile.WholePicture;
import org.semimage.torch.pack.PackFolder;
import org.semimage.torch.pack.TinyPack;

import javax.imageio.IIOException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CancellationException;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Latents of tiny packs with random weights, through the profile: what comes back is no likeness, but it must come back the same. */
public class GenerativeProfileTest {

    private static final String AUTOENCODER = "tiny";
    private static final String DIFFUSION = "sd";

    @TempDir
    static Path folder;

    @BeforeAll
    static void install() throws IOException {
        System.setProperty(PackFolder.PROPERTY, folder.resolve("models").toString());
        TinyPack.writeTiny(folder.resolve("a"));
        TinyPack.write(folder.resolve("b"));
        PackFolder.configured().add(folder.resolve("a"), AUTOENCODER);
        PackFolder.configured().add(folder.resolve("b"), DIFFUSION);
    }

    @AfterAll
    static void forget() {
        System.clearProperty(PackFolder.PROPERTY);
        Models.unload();
    }

    private static SemFile encode(PixelPlanes picture, EncodeOptions options, GenerativeOptions how) throws IIOException {
        return new GenerativeProfile().encode(picture, options.withGenerative(how), Watcher.NONE);
    }

    private static GenerativeOptions diffusion(int steps) {
        return new GenerativeOptions(DIFFUSION, false, steps, Sampler.Method.DDIM, 2, 77);
    }

    private static PixelPlanes decode(SemFile file, SynthesisPolicy generative) throws IIOException {
        return WholePicture.decode(new GenerativeProfile(), file, generative, Watcher.NONE);
    }

    private static void assertSame(PixelPlanes expected, PixelPlanes found) {
        for (int p = 0; p < expected.samples().length; p++) {
            assertArrayEquals(expected.samples()[p], found.samples()[p]);
        }
    }

    private static double error(PixelPlanes a, PixelPlanes b) {
        double sum = 0;
        for (int c = 0; c < a.format().colourPlanes(); c++) {
            for (int i = 0; i < a.samples()[c].length; i++) {
                sum += Math.pow(a.samples()[c][i] - b.samples()[c][i], 2);
            }
        }
        return sum;
    }

    @Test
    void everyFormatAndAnySizeComesBackWithItsAlpha() throws IIOException {
        for (PixelFormat format : List.of(PixelFormat.GRAY, PixelFormat.RGB, PixelFormat.GRAY_ALPHA, PixelFormat.RGB_ALPHA)) {
            PixelPlanes picture = Waves.of(37, 21, format);
            SemFile file = encode(picture, EncodeOptions.DEFAULT, GenerativeOptions.of(AUTOENCODER));
            PixelPlanes decoded = decode(file, SynthesisPolicy.DENY);
            assertEquals(37, decoded.width());
            assertEquals(format, decoded.format());
            if (format.hasAlpha()) {
                assertArrayEquals(picture.alpha(), decoded.alpha());
            }
            assertSame(decoded, decode(file, SynthesisPolicy.ALLOW));
        }
        SemFile smallest = encode(Waves.of(1, 1, PixelFormat.RGB), EncodeOptions.DEFAULT, GenerativeOptions.of(DIFFUSION));
        assertEquals(1, decode(smallest, SynthesisPolicy.ALLOW).width());
    }

    @Test
    void higherQualityTakesMoreBytesAndComesCloserToWhatTheAutoencoderMakes() throws IIOException {
        PixelPlanes picture = Waves.of(64, 48, PixelFormat.RGB);
        PixelPlanes best = decode(encode(picture, EncodeOptions.ofQuality(1), GenerativeOptions.of(AUTOENCODER)), SynthesisPolicy.ALLOW);
        long bytes = 0;
        double error = Double.MAX_VALUE;
        for (float quality : new float[] {0.5f, 0.7f, 0.9f}) {
            SemFile file = encode(picture, EncodeOptions.ofQuality(quality), GenerativeOptions.of(AUTOENCODER));
            double left = error(best, decode(file, SynthesisPolicy.ALLOW));
            assertTrue(SemSerializer.size(file) > bytes && left < error,
                    quality + ": " + SemSerializer.size(file) + " bytes, error " + left);
            bytes = SemSerializer.size(file);
            error = left;
        }
    }

    @Test
    void lowQualitiesAreThoseOfSmallerPictures() throws IIOException {
        PixelPlanes picture = Waves.of(64, 48, PixelFormat.RGB);
        int[] reductions = {2, 1, 0};
        float[] qualities = {0.1f, 0.4f, 0.5f};
        for (int i = 0; i < qualities.length; i++) {
            SemFile file = encode(picture, EncodeOptions.ofQuality(qualities[i]), GenerativeOptions.of(AUTOENCODER));
            assertEquals(reductions[i], GenerativeProfile.payload(file).reduction());
            assertEquals(64, decode(file, SynthesisPolicy.ALLOW).width());
        }
    }

    @Test
    void filesKeepToTheirTargetSize() throws IIOException {
        PixelPlanes picture = Waves.of(80, 60, PixelFormat.RGB);
        for (boolean palette : new boolean[] {false, true}) {
            GenerativeOptions how = new GenerativeOptions(AUTOENCODER, palette, 0, Sampler.Method.DDIM, 1, 0);
            for (int bytes : new int[] {600, 1500}) {
                SemFile file = encode(picture, EncodeOptions.ofBytes(bytes), how);
                assertTrue(SemSerializer.size(file) <= bytes);
                assertEquals(palette, GenerativeProfile.payload(file).palette());
                decode(file, SynthesisPolicy.ALLOW);
            }
        }
        String refusal = assertThrows(IIOException.class,
                () -> encode(picture, EncodeOptions.ofBytes(20), GenerativeOptions.of(AUTOENCODER))).getMessage();
        assertTrue(refusal.contains("does not fit into 20 bytes"), refusal);
    }

    @Test
    void diffusionHappensOnlyWhereItIsAllowedAndIsTheSameEveryTime() throws IIOException {
        PixelPlanes picture = Waves.of(30, 22, PixelFormat.RGB);
        SemFile file = encode(picture, EncodeOptions.ofQuality(0.5f).withCaption("the cat"), diffusion(3));
        assertTrue(GenerativeProfile.usesDiffusion(file));
        assertEquals(Optional.of("the cat"), GenerativeProfile.caption(file));
        PixelPlanes allowed = decode(file, SynthesisPolicy.ALLOW);
        assertSame(allowed, decode(file, SynthesisPolicy.ALLOW));
        PixelPlanes plain = decode(file, SynthesisPolicy.PLAIN);
        assertSame(plain, decode(encode(picture, EncodeOptions.ofQuality(0.5f), GenerativeOptions.of(DIFFUSION)), SynthesisPolicy.ALLOW));
        assertTrue(error(allowed, plain) > 0);
        String refusal = assertThrows(IIOException.class, () -> decode(file, SynthesisPolicy.DENY)).getMessage();
        assertTrue(refusal.contains("diffusion") && refusal.contains(SynthesisPolicy.PROPERTY), refusal);
        SemFile other = encode(picture, EncodeOptions.ofQuality(0.5f).withCaption("a dog"), diffusion(3));
        assertTrue(error(allowed, decode(other, SynthesisPolicy.ALLOW)) > 0, "the caption makes no difference");
    }

    @Test
    void diffusionReportsItsStepsAndStopsBetweenThem() throws IIOException {
        SemFile file = encode(Waves.of(30, 22, PixelFormat.RGB), EncodeOptions.ofQuality(0.5f), diffusion(5));
        List<Float> fractions = new ArrayList<>();
        WholePicture.decode(new GenerativeProfile(), file, SynthesisPolicy.ALLOW, new Watcher() {
            @Override
            public void progress(float fraction) {
                fractions.add(fraction);
            }
        });
        assertTrue(fractions.stream().filter(f -> f >= 0.1f && f < 0.6f).distinct().count() >= 5, fractions.toString());
        assertEquals(fractions.stream().sorted().toList(), fractions);
        int[] reported = new int[1];
        Cancellation cancellation = new Cancellation();
        GenerativeProfile profile = new GenerativeProfile();
        assertThrows(CancellationException.class, () -> WholePicture.decode(profile, file, SynthesisPolicy.ALLOW, new Watcher() {
            @Override
            public void progress(float fraction) {
                if (++reported[0] == 4) {
                    cancellation.request();
                }
            }

            @Override
            public Cancellation cancellation() {
                return cancellation;
            }
        }));
        assertEquals(4, reported[0]);
    }

    @Test
    void whatIsMissingIsNamed() {
        PixelPlanes picture = Waves.of(8, 8, PixelFormat.RGB);
        assertMessage(() -> new GenerativeProfile().encode(picture, EncodeOptions.DEFAULT, Watcher.NONE), "needs a model pack");
        assertMessage(() -> encode(picture, EncodeOptions.DEFAULT, GenerativeOptions.of("nowhere")), "no model pack 'nowhere'");
        assertMessage(() -> encode(picture, EncodeOptions.DEFAULT, new GenerativeOptions(AUTOENCODER, false, 2, Sampler.Method.DDIM, 1, 0)),
                AUTOENCODER);
        assertMessage(() -> encode(picture, EncodeOptions.ofPsnr(30), GenerativeOptions.of(AUTOENCODER)), "PSNR");
        SemHeader header = new SemHeader(ProfileId.GENERATIVE, 8, 8, PixelFormat.RGB, ModelRef.ofDigest(5));
        assertMessage(() -> decode(SemFile.of(header, List.of(new Chunk(Chunk.GENERATIVE, new byte[9]))), SynthesisPolicy.ALLOW),
                "sha256:0000000000000005", "sem packs add");
        SemHeader large = new SemHeader(ProfileId.GENERATIVE, 5000, 5000, PixelFormat.RGB, ModelRef.ofDigest(5));
        assertMessage(() -> decode(SemFile.of(large, List.of(new Chunk(Chunk.GENERATIVE, new byte[9]))), SynthesisPolicy.ALLOW),
                "5000x5000", "at most");
    }

    private interface Work {
        void run() throws IIOException;
    }

    private static void assertMessage(Work work, String... parts) {
        String message = assertThrows(IIOException.class, work::run).getMessage();
        for (String part : parts) {
            assertTrue(message.contains(part), message);
        }
    }

    @Property(tries = 100)
    void damagedPayloadsDecodeOrAreRefused(@ForAll long seed, @ForAll boolean palette) throws IOException {
        System.setProperty(PackFolder.PROPERTY, DAMAGE.resolve("models").toString());
        try {
            Random random = new Random(seed);
            byte[] bytes = random.nextInt(8) == 0 ? new byte[random.nextInt(40)] : payload(palette).clone();
            for (int i = 0; i < 3 && bytes.length > 0; i++) {
                bytes[random.nextInt(Math.min(bytes.length, random.nextBoolean() ? 16 : bytes.length))] = (byte) random.nextInt();
            }
            byte[] damaged = random.nextInt(4) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length + 1)) : bytes;
            SemHeader header = new SemHeader(ProfileId.GENERATIVE, 20, 14, PixelFormat.RGB,
                    PackFolder.configured().find(DIFFUSION).ref().orElseThrow());
            decode(SemFile.of(header, List.of(new Chunk(Chunk.GENERATIVE, damaged))), SynthesisPolicy.PLAIN);
        } catch (IIOException e) {
            assertFalse(e.getMessage().isEmpty());
        } finally {
            System.clearProperty(PackFolder.PROPERTY);
        }
    }

    /** jqwik runs properties without JUnit's set-up and folders. */
    private static final Path DAMAGE = Path.of("target", "generative-profile-test");

    private static byte[][] payloads;

    private static synchronized byte[] payload(boolean palette) throws IOException {
        if (payloads == null) {
            if (!Files.exists(DAMAGE.resolve("models").resolve(DIFFUSION))) {
                TinyPack.write(DAMAGE.resolve("b"));
                PackFolder.configured().add(DAMAGE.resolve("b"), DIFFUSION);
            }
            payloads = new byte[2][];
            for (int i = 0; i < 2; i++) {
                GenerativeOptions how = new GenerativeOptions(DIFFUSION, i == 1, i == 0 ? 2 : 0, Sampler.Method.EULER, 1, 3);
                payloads[i] = encode(Waves.of(20, 14, PixelFormat.RGB), EncodeOptions.ofQuality(0.5f), how).chunk(Chunk.GENERATIVE)
                        .orElseThrow().payload();
            }
        }
        return payloads[palette ? 1 : 0];
    }
}
