// SPDX-License-Identifier: Apache-2.0
package org.semimage.serve;

import org.eclipse.jetty.http.HttpHeader;

import javax.imageio.IIOException;
import java.lang.System.Logger.Level;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** Answers with what a queue makes. */
final class Decodings {

    private static final System.Logger LOGGER = System.getLogger(Decodings.class.getName());

    /** The longest text about a picture, in characters. */
    private static final int MAX_TEXT = 200;

    private final DecodingQueue queue;
    private final ServerMetrics metrics;

    Decodings(DecodingQueue queue, ServerMetrics metrics) {
        this.queue = queue;
        this.metrics = metrics;
    }

    /** Answers with what is made, as {@link #answer(Answer, String, DecodingQueue.Work, Consumer)}. */
    void answer(Answer answer, String fault, DecodingQueue.Work<Made> work) {
        answer(answer, fault, work, done -> {
        });
    }

    /**
     * Answers with what is made when it is its turn, or says why not.
     *
     * @param fault what a client is told where a picture cannot be decoded, before the reason
     * @param ended told before the answer is sent whether anything was made
     */
    void answer(Answer answer, String fault, DecodingQueue.Work<Made> work, Consumer<Boolean> ended) {
        WatchedConnector.Watched connection = WatchedConnector.of(answer.request());
        connection.watch();
        try {
            queue.submit(work, connection::clientHasLeft).whenComplete((made, failure) -> {
                connection.answer();
                ended.accept(failure == null);
                if (failure == null) {
                    metrics.decoded("done");
                    made.headers().forEach(answer.response().getHeaders()::put);
                    answer.content(made.status(), made.type(), made.content());
                } else {
                    unmade(answer, fault, failure instanceof CompletionException ? failure.getCause() : failure);
                }
            });
        } catch (RejectedExecutionException e) {
            LOGGER.log(Level.DEBUG, "refused", e);
            connection.answer();
            ended.accept(false);
            metrics.decoded("refused");
            without(answer).busy("too many requests wait already");
        }
    }

    private void unmade(Answer answer, String fault, Throwable failure) {
        without(answer);
        if (failure instanceof TimeoutException) {
            metrics.decoded("late");
            answer.busy("this took too long");
        } else if (failure instanceof CancellationException) {
            metrics.decoded("left");
            answer.busy("ended early");
        } else if (failure instanceof IIOException) {
            LOGGER.log(Level.DEBUG, fault, failure);
            metrics.decoded("corrupt");
            answer.text(422, shortened(fault + ": " + failure.getMessage()));
        } else {
            LOGGER.log(Level.ERROR, fault, failure);
            metrics.decoded("failed");
            answer.text(500, "the server has failed");
        }
    }

    /** Takes back what describes a picture that is not there after all. */
    private static Answer without(Answer answer) {
        answer.response().getHeaders().remove(HttpHeader.ETAG);
        answer.response().getHeaders().remove(HttpHeader.LAST_MODIFIED);
        return answer;
    }

    private static String shortened(String text) {
        String line = text.lines().findFirst().orElse("");
        return line.length() <= MAX_TEXT ? line : line.substring(0, MAX_TEXT) + "...";
    }
}
