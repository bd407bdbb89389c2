// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.fuzz;

import org.semimage.conformance.kit.RawPicture;
import org.semimage.container.SemParser;

import javax.imageio.IIOException;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** Sets the checksums of a damaged file right, so that a fuzzer gets behind them. */
final class Checksums {

    private static final int VERSION_AT = 3;
    private static final int PROFILE = 0xF;
    private static final int BARE = 5;
    private static final int FORM_AT = 4;
    private static final int CHUNKS_FOLLOW = 0x80;
    private static final int MOST_LENGTH_BYTES = 5;

    private final byte[] file;
    private int at;

    private Checksums(byte[] file) {
        this.file = file;
    }

    /** A copy with right checksums, as far as there are pictures and chunks in it. */
    static byte[] repaired(byte[] file) throws IOException {
        Checksums copy = new Checksums(file.clone());
        boolean more = true;
        while (more) {
            more = copy.picture();
        }
        return copy.file;
    }

    /** Repairs the picture that begins here; whether another may follow. */
    private boolean picture() throws IOException {
        int from = at;
        boolean micro;
        try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(file, from, file.length - from))) {
            micro = SemParser.parseHeader(in).profile().isSemantic();
            at += (int) in.getStreamPosition();
        } catch (IIOException e) {
            return false; // what has no header has no checksums
        }
        byte[] header = Arrays.copyOfRange(file, from, at);
        if (micro && (header[VERSION_AT] & PROFILE) == BARE) {
            at = endOfBare();
            file[at - 1] = (byte) RawPicture.check(Arrays.copyOfRange(file, from, at - 1));
            return at < file.length;
        }
        if (micro) {
            int end = endOfPayload();
            if (end < 0 || end == file.length) {
                return false;
            }
            file[end] = (byte) RawPicture.check(Arrays.copyOfRange(file, from, end));
            at = end + 1;
            if ((header[FORM_AT] & CHUNKS_FOLLOW) == 0) {
                return true;
            }
        }
        while (at < file.length && file[at] != 0) {
            int chunk = at++;
            int end = endOfPayload();
            if (end < 0 || end + Integer.BYTES > file.length) {
                return false;
            }
            CRC32C crc = new CRC32C();
            crc.update(header);
            crc.update(file, chunk, end - chunk);
            for (int i = 0; i < Integer.BYTES; i++) {
                file[end + i] = (byte) (crc.getValue() >> Byte.SIZE * i);
            }
            at = end + Integer.BYTES;
        }
        at++;
        return at < file.length;
    }

    /** Where a picture in the bare form ends: at the next one, or with the file. */
    private int endOfBare() {
        for (int i = at + 1; i + VERSION_AT < file.length; i++) {
            if (file[i] == 'S' && file[i + 1] == 'E' && file[i + 2] == 'M') {
                return i;
            }
        }
        return file.length;
    }

    /** Where the payload behind the length at this place ends; -1 if that is not in the file. */
    private int endOfPayload() {
        long length = 0;
        for (int i = 0; i < MOST_LENGTH_BYTES && at < file.length; i++) {
            byte b = file[at++];
            length |= (long) (b & 0x7F) << 7 * i;
            if (b >= 0) {
                return length <= file.length - at ? at + (int) length : -1;
            }
        }
        return -1;
    }
}
