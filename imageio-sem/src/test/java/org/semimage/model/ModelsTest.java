// SPDX-License-Identifier: Apache-2.0
package org.semimage.model;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.semimage.compute.Cancellation;
import org.semimage.compute.network.CoefficientNet;
import org.semimage.compute.tensor.Json;
import org.semimage.container.ModelRef;

import javax.imageio.IIOException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ModelsTest {

    @Test
    void allUsersShareOneModelUntilItIsUnloaded() throws IOException {
        TransformModel first;
        try (Models.Lease<TransformModel> a = Models.transform(Models.TRANSFORM);
             Models.Lease<TransformModel> b = Models.transform(Models.TRANSFORM)) {
            first = a.model();
            assertSame(first, b.model());
        }
        try (Models.Lease<TransformModel> again = Models.transform(Models.TRANSFORM)) {
            assertSame(first, again.model());
        }
        Models.unload();
        try (Models.Lease<TransformModel> fresh = Models.transform(Models.TRANSFORM)) {
            assertNotSame(first, fresh.model());
        }
    }

    @Test
    void aModelUnloadedInUseStaysUsableUntilItsLeaseCloses() throws IOException {
        try (Models.Lease<TransformModel> lease = Models.transform(Models.TRANSFORM)) {
            Models.unload();
            int positions = 4;
            float[] packed = new float[96 * positions];
            lease.model().synthesis().correction(packed, 2, 2, 100);
        }
    }

    @Test
    void aPackThatIsNotHereIsNamed() {
        String message = assertThrows(IIOException.class, () -> Models.transform(ModelRef.ofDigest(0x0123456789ABCDEFL))).getMessage();
        assertTrue(message.contains("sha256:0123456789abcdef"), message);
    }

    private static void assertRefused(String part, Map<String, String> files) {
        ModelPack.Files opener = name -> {
            String content = files.get(name);
            return content == null ? null : new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8));
        };
        String message = assertThrows(IIOException.class, () -> ModelPack.load("p", opener, "w.safetensors", name -> true)).getMessage();
        assertTrue(message.contains("'p'") && message.contains(part), message);
    }

    @Test
    void aPackWithoutWeightsIsRefused() {
        assertRefused("has no w.safetensors", Map.of());
        assertRefused("cannot be read", Map.of("w.safetensors", "x"));
    }

    /** Nobody checks it again when packs are read. */
    @ParameterizedTest
    @CsvSource({"1, transform-1, transform", ", latents-1, latents", "3, transform-perceptual-1, transform", ", caption-1, caption"})
    void embeddedPacksAreWhatTheirManifestsVouchFor(Integer number, String id, String file) throws IOException {
        Json manifest = Json.parse(new String(resource(id + "/manifest.json"), StandardCharsets.UTF_8));
        assertEquals(id, manifest.get("id").string());
        if (number != null) {
            assertEquals(number.longValue(), manifest.get("number").integer());
        }
        assertEquals(Set.of(file + ".safetensors"), manifest.get("files").members().keySet());
        String digest = HexFormat.of().formatHex(PackManifest.sha256().digest(resource(id + "/" + file + ".safetensors")));
        assertEquals(digest, manifest.get("files").get(file + ".safetensors").get("sha256").string());
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = Models.class.getResourceAsStream("/org/semimage/packs/" + name)) {
            return in.readAllBytes();
        }
    }

    @Test
    void aNetworkIsMadeOnceWhenItIsFirstUsed() {
        AtomicInteger made = new AtomicInteger();
        AtomicInteger closed = new AtomicInteger();
        CoefficientNet network = new CoefficientNet() {
            @Override
            public float[] correction(float[] packed, int height, int width, int qualityIndex, Cancellation cancellation) {
                return packed;
            }

            @Override
            public void close() {
                closed.incrementAndGet();
            }
        };
        Supplier<CoefficientNet> maker = () -> {
            made.incrementAndGet();
            return network;
        };
        new LazyNetwork(maker).close();
        assertEquals(0, made.get() + closed.get());
        LazyNetwork lazy = new LazyNetwork(maker);
        float[] packed = new float[96];
        assertSame(packed, lazy.correction(packed, 1, 1, 0));
        assertSame(packed, lazy.correction(packed, 1, 1, 0));
        assertEquals(1, made.get());
        lazy.close();
        lazy.close();
        assertEquals(1, closed.get());
        assertThrows(IllegalStateException.class, () -> lazy.correction(packed, 1, 1, 0));
    }
}
