// SPDX-License-Identifier: Apache-2.0
package org.semimage.model;

import org.junit.jupiter.api.Test;
import org.semimage.container.ModelRef;

import javax.imageio.IIOException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

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
        String message = assertThrows(IIOException.class, () -> ModelPack.load("p", opener, "w.safetensors")).getMessage();
        assertTrue(message.contains("'p'") && message.contains(part), message);
    }

    @Test
    void aPackThatIsNotWhatItsManifestVouchesForIsRefused() {
        assertRefused("has no manifest.json", Map.of());
        assertRefused("has no w.safetensors", Map.of("manifest.json", "{}"));
        assertRefused("cannot be read", Map.of("manifest.json", "not json", "w.safetensors", "x"));
        assertRefused("cannot be read", Map.of("manifest.json", "{}", "w.safetensors", "x"));
        String other = "0".repeat(64);
        assertRefused("its manifest says 00", Map.of("w.safetensors", "x",
                "manifest.json", "{\"files\":{\"w.safetensors\":{\"bytes\":1,\"sha256\":\"" + other + "\"}}}"));
    }
}
