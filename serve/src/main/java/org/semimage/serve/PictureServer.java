// SPDX-License-Identifier: Apache-2.0
package org.semimage.serve;

import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

import java.io.IOException;
import java.net.URI;

/** Serves a folder of pictures over HTTP/1.1. */
public final class PictureServer implements AutoCloseable {

    private static final int MAX_THREADS = 64;
    private static final int MAX_CONNECTIONS = 1024;
    private static final int IDLE_MILLIS = 30_000;

    private final Server server;
    private final WatchedConnector connector;
    private final DecodingQueue queue;
    private final ServerMetrics metrics;
    private final PictureHandler handler;
    private final String host;

    private PictureServer(ServeOptions options, PictureHandler.Rendering rendering) throws IOException {
        this.host = options.host();
        this.queue = new DecodingQueue(options.limits());
        this.metrics = new ServerMetrics(queue);
        this.handler = new PictureHandler(options, queue, metrics, rendering);
        this.server = new Server(new QueuedThreadPool(MAX_THREADS));
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setSendServerVersion(false);
        // Names with a percent sign are decoded once, and the folder looks at what comes out.
        configuration.setUriCompliance(UriCompliance.DEFAULT.with("names", UriCompliance.Violation.AMBIGUOUS_PATH_ENCODING));
        this.connector = new WatchedConnector(server, configuration);
        connector.setHost(options.host());
        connector.setPort(options.port());
        connector.setIdleTimeout(IDLE_MILLIS);
        server.addConnector(connector);
        server.addBean(new NetworkConnectionLimit(MAX_CONNECTIONS, connector));
        server.setErrorHandler(errors());
        server.setHandler(new GracefulHandler(handler));
        server.setStopTimeout(options.limits().stopTimeout().toMillis());
    }

    private static ErrorHandler errors() {
        ErrorHandler errors = new ErrorHandler();
        errors.setShowStacks(false);
        errors.setShowCauses(false);
        errors.setDefaultResponseMimeType("text/plain");
        return errors;
    }

    /**
     * Begins to serve.
     *
     * @throws IOException if there is no such folder, or the address cannot be had
     */
    public static PictureServer start(ServeOptions options) throws IOException {
        return start(options, Renditions::render);
    }

    static PictureServer start(ServeOptions options, PictureHandler.Rendering rendering) throws IOException {
        PictureServer made = new PictureServer(options, rendering);
        try {
            made.server.start();
            return made;
        } catch (Exception e) {
            made.close();
            throw e instanceof IOException failure ? failure : new IOException("the server does not start: " + e.getMessage(), e);
        }
    }

    /** Where it serves, with a slash at the end. */
    public URI address() {
        String name = host.contains(":") ? "[" + host + "]" : host;
        return URI.create("http://" + name + ":" + connector.getLocalPort() + "/");
    }

    /**
     * Waits until the server is closed.
     *
     * @throws InterruptedException if this thread is interrupted
     */
    public void join() throws InterruptedException {
        server.join();
    }

    /** Takes no more requests, lets those that it has finish within the time that was set, and ends. */
    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            System.getLogger(PictureServer.class.getName()).log(System.Logger.Level.WARNING, "requests were not finished", e);
        } finally {
            queue.close();
            handler.close();
            metrics.close();
        }
    }
}
