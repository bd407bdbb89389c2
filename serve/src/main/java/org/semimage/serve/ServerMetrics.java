// SPDX-License-Identifier: Apache-2.0
package org.semimage.serve;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

import java.time.Duration;

/** What a server counts, for Prometheus. Labels have few values each, and none that a client chooses. */
final class ServerMetrics implements AutoCloseable {

    /** The media type of {@link #text}. */
    static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private static final Duration[] BOUNDS = {Duration.ofMillis(10), Duration.ofMillis(50), Duration.ofMillis(100), Duration.ofMillis(250),
        Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofSeconds(30)};

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collections = new JvmGcMetrics();

    ServerMetrics(DecodingQueue queue) {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        collections.bindTo(registry);
        Gauge.builder("sem.decodings.running", queue, DecodingQueue::running)
                .description("Pictures that are being decoded").register(registry);
        Gauge.builder("sem.decodings.waiting", queue, DecodingQueue::waiting)
                .description("Requests that wait for a decoding").register(registry);
    }

    /**
     * Counts an answer.
     *
     * @param route   what was asked for, such as {@code thumbnail}
     * @param status  HTTP's
     * @param bytes   of the answer's content
     * @param elapsed since the request was there
     */
    void answered(String route, int status, long bytes, Duration elapsed) {
        Timer.builder("sem.requests").description("Answers, and the time that they took").tag("route", route)
                .tag("status", Integer.toString(status)).serviceLevelObjectives(BOUNDS).register(registry).record(elapsed);
        Counter.builder("sem.sent").description("Content of answers").baseUnit("bytes").tag("route", route).register(registry)
                .increment(bytes);
    }

    /**
     * Counts a decoding.
     *
     * @param outcome {@code done}, {@code corrupt}, {@code late}, {@code left}, {@code refused} or {@code failed}
     */
    void decoded(String outcome) {
        Counter.builder("sem.decodings").description("Decodings by how they ended").tag("outcome", outcome).register(registry).increment();
    }

    /** All of it, in Prometheus' text format. */
    String text() {
        return registry.scrape();
    }

    @Override
    public void close() {
        collections.close();
        registry.close();
    }
}
