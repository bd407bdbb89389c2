// SPDX-License-Identifier: Apache-2.0
package org.semimage.endpoint;

import javax.imageio.IIOException;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/** The bytes of an answer, up to a limit; what comes behind it is not read. */
final class LimitedBody implements BodySubscriber<byte[]> {

    private final int limit;
    private final boolean cut;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final CompletableFuture<byte[]> body = new CompletableFuture<>();
    private Flow.Subscription subscription;

    /**
     * A body.
     *
     * @param cut whether a longer one is cut off there; it fails otherwise
     */
    LimitedBody(int limit, boolean cut) {
        this.limit = limit;
        this.cut = cut;
    }

    @Override
    public CompletionStage<byte[]> getBody() {
        return body;
    }

    @Override
    public void onSubscribe(Flow.Subscription source) {
        subscription = source;
        source.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> parts) {
        for (ByteBuffer part : parts) {
            byte[] piece = new byte[Math.min(part.remaining(), limit - bytes.size())];
            part.get(piece);
            bytes.writeBytes(piece);
            if (part.hasRemaining()) {
                subscription.cancel();
                end();
                return;
            }
        }
    }

    private void end() {
        if (cut) {
            body.complete(bytes.toByteArray());
        } else {
            body.completeExceptionally(new IIOException("the answer has more than " + limit + " bytes"));
        }
    }

    @Override
    public void onError(Throwable failure) {
        body.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        body.complete(bytes.toByteArray());
    }
}
