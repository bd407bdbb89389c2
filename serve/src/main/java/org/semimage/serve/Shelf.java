// SPDX-License-Identifier: Apache-2.0
package org.semimage.serve;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Things that are kept in memory for a short time: so many of them at most, and so many bytes together. */
final class Shelf<T> implements AutoCloseable {

    /** How often a thing's time is looked at, in a lifetime. */
    private static final int LOOKS = 20;

    private final Map<String, Place<T>> places = new LinkedHashMap<>();
    private final int count;
    private final long bytes;
    private final Duration life;
    private final ScheduledThreadPoolExecutor sweeper;
    private long held;

    /**
     * @param count the most things
     * @param bytes that they take at most, together
     * @param life  how long each is kept
     */
    Shelf(int count, long bytes, Duration life) {
        this.count = count;
        this.bytes = bytes;
        this.life = life;
        this.sweeper = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "sem-shelf");
            thread.setDaemon(true);
            return thread;
        });
        long period = Math.max(1, life.toMillis() / LOOKS);
        sweeper.scheduleWithFixedDelay(this::sweep, period, period, TimeUnit.MILLISECONDS);
    }

    /** A thing, or room for one. */
    private record Place<T>(T thing, long bytes, long end) {
    }

    /**
     * Keeps room for a thing; its time begins.
     *
     * @return false if there is none
     */
    synchronized boolean reserve(String key, long size) {
        sweep();
        if (places.size() >= count || held + size > bytes) {
            return false;
        }
        remove(key);
        places.put(key, new Place<>(null, size, System.nanoTime() + life.toNanos()));
        held += size;
        return true;
    }

    /** Puts a thing where there is room for it; nothing happens if the time of that is over. */
    synchronized void fill(String key, T thing) {
        places.computeIfPresent(key, (same, room) -> new Place<>(thing, room.bytes, room.end));
    }

    /** Keeps a thing in place of the oldest ones, unless it is larger than all that may be kept. */
    synchronized void keep(String key, T thing, long size) {
        if (size > bytes) {
            return;
        }
        while (!reserve(key, size)) {
            remove(places.keySet().iterator().next());
        }
        fill(key, thing);
    }

    synchronized Optional<T> find(String key) {
        sweep();
        return Optional.ofNullable(places.get(key)).map(Place::thing);
    }

    synchronized void remove(String key) {
        Place<T> removed = places.remove(key);
        held -= removed == null ? 0 : removed.bytes;
    }

    /** Lets go of what has been here long enough: the oldest come first, and all are kept equally long. */
    private synchronized void sweep() {
        Iterator<Place<T>> oldest = places.values().iterator();
        while (oldest.hasNext()) {
            Place<T> place = oldest.next();
            if (System.nanoTime() - place.end < 0) {
                return;
            }
            oldest.remove();
            held -= place.bytes;
        }
    }

    @Override
    public synchronized void close() {
        sweeper.shutdownNow();
        places.clear();
        held = 0;
    }
}
