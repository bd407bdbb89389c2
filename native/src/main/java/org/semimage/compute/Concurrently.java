// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute;

import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Work on many things at once. A parallel stream hands on the first failure while other threads are still at work; here all have ended by
 * then, so that native memory which they use can be freed.
 */
public final class Concurrently {

    private Concurrently() {
    }

    /**
     * What work makes of each, in order.
     *
     * @throws RuntimeException the failure of the first that failed, as {@code work} threw it; errors likewise
     */
    public static <T, R> List<R> map(List<T> all, Function<T, R> work) {
        if (all.size() == 1) {
            return Collections.singletonList(work.apply(all.get(0)));
        }
        List<Supplier<R>> ends = all.parallelStream().map(one -> end(one, work)).toList();
        return ends.stream().map(Supplier::get).toList();
    }

    private static <T, R> Supplier<R> end(T one, Function<T, R> work) {
        try {
            R result = work.apply(one);
            return () -> result;
        } catch (RuntimeException | Error e) {
            return () -> {
                throw e;
            };
        }
    }
}
