// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.damage;

import com.sun.management.ThreadMXBean;

import java.lang.management.ManagementFactory;
import java.util.Arrays;

/**
 * What work takes. Threads of C++ are not seen, nor is what C++ allocates: with one processor ({@code -XX:ActiveProcessorCount=1}), C++ has
 * no threads of its own.
 *
 * @param nanos of processors, by all threads together, whatever else the machine does
 * @param bytes of the heap, by all threads together
 */
record Effort(long nanos, long bytes) {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    static Effort of(Runnable work) {
        Effort before = now();
        work.run();
        Effort after = now();
        return new Effort(Math.max(1, after.nanos - before.nanos), Math.max(1, after.bytes - before.bytes));
    }

    /** A thread that ends takes its numbers along. Those of the common pool, which decoders use, outlive a measurement. */
    private static Effort now() {
        long[] threads = THREADS.getAllThreadIds();
        return new Effort(sum(THREADS.getThreadCpuTime(threads)), sum(THREADS.getThreadAllocatedBytes(threads)));
    }

    private static long sum(long[] numbers) {
        return Arrays.stream(numbers).filter(number -> number > 0).sum();
    }

    /** So many times this. */
    Effort times(double factor) {
        return new Effort((long) (nanos * factor), (long) (bytes * factor));
    }

    /** The lesser of both, each by itself. */
    Effort least(Effort other) {
        return new Effort(Math.min(nanos, other.nanos), Math.min(bytes, other.bytes));
    }
}
