// SPDX-License-Identifier: Apache-2.0
package org.semimage.spark;

import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.DelegateToFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;

/** Local files without checksums, and without the process that Hadoop starts for every file to set its permissions. */
public final class PlainFiles extends RawLocalFileSystem {

    @Override
    public void setPermission(Path file, FsPermission permission) {
    }

    /** The same for Hadoop's other interface. */
    public static final class InContext extends DelegateToFileSystem {

        /** Called by Hadoop. */
        public InContext(URI uri, Configuration configuration) throws IOException, URISyntaxException {
            super(uri, new PlainFiles(), configuration, "file", false);
        }

        @Override
        public int getUriDefaultPort() {
            return -1;
        }

        @Override
        public boolean isValidName(String name) {
            return true;
        }
    }
}
