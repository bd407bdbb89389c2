// SPDX-License-Identifier: Apache-2.0
package org.semimage.serve;

import java.util.Map;

/**
 * What was made for an answer.
 *
 * @param status  HTTP's
 * @param type    the media type
 * @param content the bytes, not copied
 * @param headers what is said of it beside
 */
record Made(int status, String type, byte[] content, Map<String, String> headers) {

    /** Bytes that speak for themselves. */
    Made(String type, byte[] content) {
        this(200, type, content, Map.of());
    }
}
