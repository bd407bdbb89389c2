// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.damage;

import com.sun.management.ThreadMXBean;

import java.lang.management.ManagementFactory;
import java.util.Arrays;

/**
 * What work takes.
 *
 * @param nanos of the clock
 * @param bytes of the heap, by all threads together; what C++ takes is not counted
 */
record Effort(long nanos, long bytes) {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    static Effort of(Runnable work) {
        long bytes = allocated();
        long start = System.nanoTime();
        work.run();
        long nanos = System.nanoTime() - start;
        return new Effort(nanos, Math.max(0, allocated() - bytes));
    }

    /** A thread that ends takes its bytes along. Those of the common pool, which decoders use, outlive a measurement. */
    private static long allocated() {
        return Arrays.stream(THREADS.getThreadAllocatedBytes(THREADS.getAllThreadIds())).filter(bytes -> bytes > 0).sum();
    }

    /** The lesser of both, each by itself. */
    Effort least(Effort other) {
        return new Effort(Math.min(nanos, other.nanos), Math.min(bytes, other.bytes));
    }
}
