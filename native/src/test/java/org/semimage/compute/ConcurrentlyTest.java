// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ConcurrentlyTest {

    private static final List<Integer> NUMBERS = IntStream.range(0, 8).boxed().toList();

    @Test
    void resultsAreInOrder() {
        assertEquals(List.of(0, 1, 4, 9, 16, 25, 36, 49), Concurrently.map(NUMBERS, n -> n * n));
    }

    @Test
    void aFailureIsHeardOfWhenAllHaveEnded() {
        AtomicInteger atWork = new AtomicInteger();
        for (int failing : NUMBERS) {
            CancellationException failure = new CancellationException();
            CancellationException heard = assertThrows(CancellationException.class, () -> Concurrently.map(NUMBERS, n -> {
                if (n == failing) {
                    throw failure;
                }
                atWork.incrementAndGet();
                LockSupport.parkNanos(5_000_000);
                return atWork.decrementAndGet();
            }));
            assertEquals(0, atWork.get());
            assertSame(failure, heard);
        }
    }
}
