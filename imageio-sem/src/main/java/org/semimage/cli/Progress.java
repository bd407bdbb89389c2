// SPDX-License-Identifier: Apache-2.0
package org.semimage.cli;

import javax.imageio.ImageReader;
import javax.imageio.ImageWriter;
import javax.imageio.event.IIOReadProgressListener;
import javax.imageio.event.IIOWriteProgressListener;
import java.io.PrintWriter;

/** One line of percent on a terminal, wiped when the work is done; silent elsewhere. */
public final class Progress implements IIOReadProgressListener, IIOWriteProgressListener {

    /** System property: {@code true} if the error stream is a terminal, which Java cannot ask; the {@code sem} script sets it. */
    static final String PROPERTY = "org.semimage.progress";

    private static final String WIPE = "\r\033[K";

    private final PrintWriter err;
    private final boolean terminal;
    private final String work;
    private int shown = -1;

    /**
     * Progress of some work, which stands in front of the percentage.
     *
     * @param work what is being done, in front of the percentage
     */
    public Progress(PrintWriter err, String work) {
        this.err = err;
        this.terminal = Boolean.getBoolean(PROPERTY);
        this.work = work;
    }

    /** Shows a percentage, 0..100, if the output is a terminal and the whole number has changed. */
    public void percent(float percentage) {
        int whole = (int) percentage;
        if (terminal && whole != shown) {
            shown = whole;
            err.printf("%s%s %d %%", WIPE, work, whole);
            err.flush();
        }
    }

    /** Wipes what is shown; another {@link #percent} begins anew. */
    public void done() {
        if (shown >= 0) {
            shown = -1;
            err.print(WIPE);
            err.flush();
        }
    }

    @Override
    public void imageStarted(ImageReader source, int imageIndex) {
        percent(0);
    }

    @Override
    public void imageProgress(ImageReader source, float percentageDone) {
        percent(percentageDone);
    }

    @Override
    public void imageComplete(ImageReader source) {
        done();
    }

    @Override
    public void readAborted(ImageReader source) {
        done();
    }

    @Override
    public void imageStarted(ImageWriter source, int imageIndex) {
        percent(0);
    }

    @Override
    public void imageProgress(ImageWriter source, float percentageDone) {
        percent(percentageDone);
    }

    @Override
    public void imageComplete(ImageWriter source) {
        done();
    }

    @Override
    public void writeAborted(ImageWriter source) {
        done();
    }

    @Override
    public void sequenceStarted(ImageReader source, int minIndex) {
    }

    @Override
    public void sequenceComplete(ImageReader source) {
    }

    @Override
    public void thumbnailStarted(ImageReader source, int imageIndex, int thumbnailIndex) {
    }

    @Override
    public void thumbnailProgress(ImageReader source, float percentageDone) {
    }

    @Override
    public void thumbnailComplete(ImageReader source) {
    }

    @Override
    public void thumbnailStarted(ImageWriter source, int imageIndex, int thumbnailIndex) {
    }

    @Override
    public void thumbnailProgress(ImageWriter source, float percentageDone) {
    }

    @Override
    public void thumbnailComplete(ImageWriter source) {
    }
}
