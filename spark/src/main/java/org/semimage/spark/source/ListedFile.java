// SPDX-License-Identifier: Apache-2.0
package org.semimage.spark.source;

import java.io.Serializable;

/**
 * A file to read.
 *
 * @param path     with its file system
 * @param modified when it was changed last, in milliseconds since 1970
 * @param length   in bytes
 */
record ListedFile(String path, long modified, long length) implements Serializable {
}
