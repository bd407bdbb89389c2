// SPDX-License-Identifier: Apache-2.0
package org.semimage.serve;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * Decodes so many pictures at once, lets so many wait, and refuses the rest. Ends those that take too long or that nobody wants any more.
 */
final class DecodingQueue implements AutoCloseable {

    private static final Duration WATCH_PERIOD = Duration.ofMillis(50);

    private final ThreadPoolExecutor workers;
    private final ScheduledExecutorService watcher;
    private final long timeoutNanos;

    DecodingQueue(ServeOptions.Limits limits) {
        this.workers = new ThreadPoolExecutor(limits.decodings(), limits.decodings(), 0, TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(limits.waiting()), named("sem-decoding"));
        ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1, named("sem-watch"));
        scheduler.setRemoveOnCancelPolicy(true);
        this.watcher = scheduler;
        this.timeoutNanos = limits.timeout().toNanos();
    }

    private static ThreadFactory named(String name) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = Executors.defaultThreadFactory().newThread(task);
            thread.setName(name + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /** Something that takes its time. */
    interface Work<T> {

        /**
         * Does it.
         *
         * @param abort what ends it early, by {@link CancellationException}
         * @throws IOException if there is no result
         */
        T result(AbortSwitch abort) throws IOException;
    }

    /**
     * Does work when it is its turn.
     *
     * @param unwanted asked several times a second: whether nobody waits for the result any more
     * @return the result; {@link TimeoutException} if it took too long, {@link CancellationException} if nobody wants it or the queue is
     *         closed, else what the work has thrown
     * @throws RejectedExecutionException if too many wait already
     */
    <T> CompletableFuture<T> submit(Work<T> work, BooleanSupplier unwanted) {
        Job<T> job = new Job<>(work, unwanted, System.nanoTime() + timeoutNanos);
        workers.execute(job);
        job.watch();
        return job.result;
    }

    int running() {
        return workers.getActiveCount();
    }

    int waiting() {
        return workers.getQueue().size();
    }

    /** Ends all that runs. */
    @Override
    public void close() {
        watcher.shutdownNow();
        for (Runnable waiting : workers.shutdownNow()) {
            ((Job<?>) waiting).result.cancel(false);
        }
    }

    private final class Job<T> implements Runnable {

        private final Work<T> work;
        private final BooleanSupplier unwanted;
        private final long deadline;
        private final AbortSwitch abort = new AbortSwitch();
        private final CompletableFuture<T> result = new CompletableFuture<>();

        /** Completed when the work has ended, which may be after its result is given up. */
        private final CompletableFuture<Void> end = new CompletableFuture<>();

        Job(Work<T> work, BooleanSupplier unwanted, long deadline) {
            this.work = work;
            this.unwanted = unwanted;
            this.deadline = deadline;
        }

        @Override
        public void run() {
            try {
                abort.check();
                result.complete(work.result(abort));
            } catch (IOException | RuntimeException | Error e) {
                result.completeExceptionally(e);
            } finally {
                end.complete(null);
            }
        }

        void watch() {
            Future<?> watching = watcher.scheduleWithFixedDelay(this::look, WATCH_PERIOD.toMillis(), WATCH_PERIOD.toMillis(),
                    TimeUnit.MILLISECONDS);
            end.whenComplete((nothing, failure) -> watching.cancel(false));
        }

        private void look() {
            if (!result.isDone()) {
                if (System.nanoTime() - deadline >= 0) {
                    result.completeExceptionally(new TimeoutException());
                } else if (unwanted.getAsBoolean()) {
                    result.completeExceptionally(new CancellationException("the client has left"));
                }
            }
            if (result.isCompletedExceptionally()) {
                abort.abort();
                if (workers.remove(this)) {
                    end.complete(null);
                }
            }
        }
    }
}
