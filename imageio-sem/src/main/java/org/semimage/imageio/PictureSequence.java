// SPDX-License-Identifier: Apache-2.0
package org.semimage.imageio;

import org.semimage.container.SemParser;

import javax.imageio.stream.ImageInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** The pictures that stand one behind the other in a stream, found as they are asked for; the one that was asked for last is kept. */
final class PictureSequence {

    private final ImageInputStream in;
    private final boolean forwardOnly;

    /** Where the pictures that are known begin. */
    private final List<Long> starts = new ArrayList<>();
    private boolean allStartsKnown;

    private int first;
    private int current = -1;
    private StoredPicture picture;

    /**
     * @param in          at the first picture's first byte
     * @param forwardOnly whether pictures before the one that is asked for are forgotten
     */
    PictureSequence(ImageInputStream in, boolean forwardOnly) {
        this.in = in;
        this.forwardOnly = forwardOnly;
        try {
            starts.add(in.getStreamPosition());
        } catch (IOException e) {
            starts.clear(); // a closed stream; the first query asks again and fails with the stream's own exception
        }
    }

    /** The number of the first picture that has not been passed. */
    int first() {
        return first;
    }

    /**
     * How many pictures there are; -1 if that is not known without a search.
     *
     * @param search whether to go through the stream
     */
    int count(boolean search) throws IOException {
        boolean more = search;
        while (more) {
            more = findNext();
        }
        return allStartsKnown ? starts.size() : -1;
    }

    /** Whether there is a picture of a number. */
    boolean has(int index) throws IOException {
        boolean more = true;
        while (more && starts.size() <= index) {
            more = findNext();
        }
        return starts.size() > index;
    }

    /** Seeks the picture of an index; an IndexOutOfBoundsException says that there is none, or that it has been passed. */
    StoredPicture picture(int index) throws IOException {
        if (index < first) {
            throw new IndexOutOfBoundsException("picture " + index + ", the first that can be read is " + first);
        }
        if (!has(index)) {
            throw new IndexOutOfBoundsException("picture " + index + " of " + starts.size());
        }
        if (index != current) {
            current = index;
            picture = new StoredPicture(in, starts.get(index));
            if (forwardOnly && index > first) {
                first = index;
                in.flushBefore(starts.get(index));
            }
        }
        return picture;
    }

    /** Finds where the first unknown picture begins; false if there is none. */
    private boolean findNext() throws IOException {
        if (starts.isEmpty()) {
            starts.add(in.getStreamPosition());
            return true;
        }
        if (allStartsKnown) {
            return false;
        }
        int last = starts.size() - 1;
        OptionalLong end = (current == last ? picture : new StoredPicture(in, starts.get(last))).end();
        if (end.isPresent()) {
            in.seek(end.getAsLong());
        }
        if (end.isEmpty() || !SemParser.startsPicture(in)) {
            allStartsKnown = true;
            return false;
        }
        starts.add(end.getAsLong());
        return true;
    }
}
