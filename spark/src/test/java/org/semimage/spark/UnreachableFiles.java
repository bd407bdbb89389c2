// SPDX-License-Identifier: Apache-2.0
package org.semimage.spark;

import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.util.Map;

/** Local files that can be listed and opened, but not read; as those of a store that has just become unreachable. */
public final class UnreachableFiles extends RawLocalFileSystem {

    /** Of their addresses. */
    public static final String SCHEME = "unreachable";

    /** What makes Hadoop know them: each time anew, as it would keep them for those who do not. */
    public static final Map<String, String> SETTINGS = Map.of("fs." + SCHEME + ".impl", UnreachableFiles.class.getName(),
            "fs." + SCHEME + ".impl.disable.cache", "true");

    @Override
    public URI getUri() {
        return URI.create(SCHEME + ":///");
    }

    @Override
    public FSDataInputStream open(Path file, int bufferSize) throws IOException {
        return new FSDataInputStream(new FSInputStream() {
            @Override
            public int read() throws IOException {
                throw new SocketTimeoutException("the store does not answer");
            }

            @Override
            public void seek(long position) {
            }

            @Override
            public long getPos() {
                return 0;
            }

            @Override
            public boolean seekToNewSource(long position) {
                return false;
            }
        });
    }
}
