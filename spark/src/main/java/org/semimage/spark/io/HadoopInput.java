// SPDX-License-Identifier: Apache-2.0
package org.semimage.spark.io;

import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

import javax.imageio.stream.ImageInputStreamImpl;
import java.io.IOException;
import java.util.Optional;

/** A file of a Hadoop file system as ImageIO reads it. Only what is asked for is fetched, in blocks. */
public final class HadoopInput extends ImageInputStreamImpl {

    private static final int BLOCK = 1 << 16;

    private final FSDataInputStream in;
    private final long length;
    private final byte[] block = new byte[BLOCK];

    /** Where the block stands in the file, and how many bytes it has. */
    private long blockStart;
    private int blockLength;
    private IOException failure;

    private HadoopInput(FSDataInputStream in, long length) {
        this.in = in;
        this.length = length;
    }

    /**
     * Opens a file.
     *
     * @param length of the file, as its status says
     * @throws IOException if it cannot be opened
     */
    public static HadoopInput open(FileSystem fileSystem, Path file, long length) throws IOException {
        return new HadoopInput(fileSystem.open(file), length);
    }

    @Override
    public int read() throws IOException {
        bitOffset = 0;
        if (!fill()) {
            return -1;
        }
        return block[(int) (streamPos++ - blockStart)] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int count) throws IOException {
        bitOffset = 0;
        if (count == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int from = (int) (streamPos - blockStart);
        int read = Math.min(count, blockLength - from);
        System.arraycopy(block, from, bytes, offset, read);
        streamPos += read;
        return read;
    }

    /** Has the block hold the byte at the stream's position; false behind the file's end. */
    private boolean fill() throws IOException {
        checkClosed();
        if (streamPos >= length) {
            return false;
        }
        if (streamPos < blockStart || streamPos >= blockStart + blockLength) {
            blockStart = streamPos;
            blockLength = 0;
            try {
                fetch();
            } catch (ChecksumException e) {
                throw e;
            } catch (IOException e) {
                failure = e;
                throw e;
            }
        }
        return blockLength > 0;
    }

    private void fetch() throws IOException {
        if (in.getPos() != blockStart) {
            in.seek(blockStart);
        }
        blockLength = Math.max(0, in.read(block, 0, (int) Math.min(BLOCK, length - blockStart)));
    }

    /** Why the file system did not give what was asked for, whatever became of that; empty also if bytes have a wrong checksum. */
    public Optional<IOException> failure() {
        return Optional.ofNullable(failure);
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public void close() throws IOException {
        super.close();
        in.close();
    }
}
