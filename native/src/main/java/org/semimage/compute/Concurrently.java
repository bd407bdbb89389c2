// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Work on many things at once. A parallel stream hands on the first failure while other threads are still at work; here all have ended by
 * then, so that native memory which they use can be freed.
 */
public final class Concurrently {

    private Concurrently() {
    }

    /**
     * Work on one thing.
     *
     * @param <X> what it may throw, beside what is unchecked
     */
    @FunctionalInterface
    public interface Work<T, R, X extends Exception> {

        /** What it makes of one thing. */
        R apply(T one) throws X;
    }

    /** How work on one thing ended: one of both is null, or the result of work that gives null. */
    private record End<R>(R result, Throwable failure) {

        static <T, R> End<R> of(T one, Work<T, R, ?> work) {
            try {
                return new End<>(work.apply(one), null);
            } catch (Exception | Error e) {
                return new End<>(null, e);
            }
        }
    }

    /**
     * What work makes of each, in order.
     *
     * @throws X if work did; the failure of the first that failed, as {@code work} threw it, unchecked ones and errors likewise
     */
    public static <T, R, X extends Exception> List<R> map(List<T> all, Work<T, R, X> work) throws X {
        if (all.size() == 1) {
            return Collections.singletonList(work.apply(all.get(0)));
        }
        List<End<R>> ends = all.parallelStream().map(one -> End.of(one, work)).toList();
        List<R> results = new ArrayList<>();
        for (End<R> end : ends) {
            if (end.failure != null) {
                throw Concurrently.<X>failure(end.failure);
            }
            results.add(end.result);
        }
        return results;
    }

    /** A failure as what work may throw; unchecked ones and errors are thrown at once. */
    @SuppressWarnings("unchecked")
    private static <X extends Exception> X failure(Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        return (X) failure;
    }
}
