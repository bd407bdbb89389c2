// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute;

import org.bytedeco.javacpp.Loader;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Where the build puts a binding's library. */
public final class LibraryContent {

    private LibraryContent() {
    }

    /** Checks that the library's folder bears what is in it. */
    public static void assertNamesFolder(Class<?> binding, String library) throws Exception {
        try (InputStream extension = binding.getResourceAsStream(Loader.getPlatform() + "-content/extension")) {
            assumeTrue(extension != null, "There was no g++ to build the library");
            String content = new String(extension.readAllBytes(), StandardCharsets.US_ASCII);
            try (InputStream in = binding.getResourceAsStream(Loader.getPlatform() + content + "/" + System.mapLibraryName(library))) {
                assertNotNull(in);
                byte[] digest = MessageDigest.getInstance("SHA-256").digest(in.readAllBytes());
                assertEquals("-" + HexFormat.of().formatHex(digest, 0, 8), content);
            }
        }
    }
}
