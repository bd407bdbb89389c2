// SPDX-License-Identifier: Apache-2.0
package org.semimage.serve;

import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.thread.Scheduler;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/** A connector whose connections say whether the client is still there while a request is being worked on: Jetty does not look. */
final class WatchedConnector extends ServerConnector {

    private static final int ACCEPTORS = 1;
    private static final int SELECTORS = 1;

    WatchedConnector(Server server, HttpConfiguration configuration) {
        super(server, ACCEPTORS, SELECTORS, new HttpConnectionFactory(configuration));
    }

    @Override
    protected SocketChannelEndPoint newEndPoint(SocketChannel channel, ManagedSelector selector, SelectionKey key) {
        SocketChannelEndPoint endPoint = new Watched(channel, selector, key, getScheduler());
        endPoint.setIdleTimeout(getIdleTimeout());
        return endPoint;
    }

    /** The connection of a request. */
    static Watched of(Request request) {
        return (Watched) request.getConnectionMetaData().getConnection().getEndPoint();
    }

    /** A connection that can be looked at. */
    static final class Watched extends SocketChannelEndPoint {

        private static final int EARLY_BYTES = 1024;

        /** What a client has sent before its answer was there, to be read by Jetty afterwards. */
        private ByteBuffer early = BufferUtil.EMPTY_BUFFER;
        private boolean watching;

        Watched(SocketChannel channel, ManagedSelector selector, SelectionKey key, Scheduler scheduler) {
            super(channel, selector, key, scheduler);
        }

        /** Allows looks until {@link #answer}. */
        synchronized void watch() {
            watching = true;
        }

        /** Leaves the connection to Jetty: bytes that a look took after Jetty waits for some would wake nobody. */
        synchronized void answer() {
            watching = false;
        }

        /** Whether the client has closed its connection, or its half of it. */
        synchronized boolean clientHasLeft() {
            if (!watching || early.hasRemaining()) {
                return false;
            }
            try {
                ByteBuffer more = ByteBuffer.allocate(EARLY_BYTES);
                boolean left = getChannel().read(more) < 0;
                early = more.flip();
                return left;
            } catch (IOException e) {
                System.getLogger(WatchedConnector.class.getName()).log(System.Logger.Level.DEBUG, "a client has left", e);
                return true;
            }
        }

        @Override
        public synchronized int fill(ByteBuffer buffer) throws IOException {
            return early.hasRemaining() ? BufferUtil.append(buffer, early) : super.fill(buffer);
        }
    }
}
