package io.tidemark.daemon.http;

import java.nio.ByteBuffer;
import java.util.List;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.IteratingCallback;

/** What a face answers. */
interface Answer {

    int status();

    /** Memory that it holds until it is sent. */
    long bytes();

    /** Writes it; {@code callback} completes when the last byte is on its way. */
    void send(Response response, Callback callback);

    /** An answer that is there as a whole. */
    record Whole(int status, String contentType, byte[] body, List<HttpField> fields) implements Answer {
        /** The JDK copies what a socket is given into off-heap memory of the same size: it gets little at a time. */
        private static final int SLICE_BYTES = 128 << 10;

        private static final byte[] EMPTY = {};

        static Whole empty(int status, List<HttpField> fields) {
            return new Whole(status, null, EMPTY, fields);
        }

        static Whole bytes(String contentType, byte[] body, List<HttpField> fields) {
            return new Whole(200, contentType, body, fields);
        }

        @Override
        public long bytes() {
            return body.length;
        }

        @Override
        public void send(Response response, Callback callback) {
            response.setStatus(status);
            fields.forEach(response.getHeaders()::put);
            if (contentType != null) {
                response.getHeaders().put(HttpHeader.CONTENT_TYPE, contentType);
            }
            if (status != 204) {
                response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
            }
            if (body.length <= SLICE_BYTES) {
                response.write(true, ByteBuffer.wrap(body), callback);
            } else {
                new Slices(response, body, callback).iterate();
            }
        }
    }

    /** Sends a large body piece by piece, each when the one before has gone. */
    final class Slices extends IteratingCallback {
        private final Response response;
        private final ByteBuffer body;
        private final Callback callback;

        Slices(Response response, byte[] body, Callback callback) {
            this.response = response;
            this.body = ByteBuffer.wrap(body);
            this.callback = callback;
        }

        @Override
        protected Action process() {
            if (!body.hasRemaining()) {
                return Action.SUCCEEDED;
            }
            int size = Math.min(Whole.SLICE_BYTES, body.remaining());
            ByteBuffer slice = body.slice(body.position(), size);
            body.position(body.position() + size);
            response.write(!body.hasRemaining(), slice, this);
            return Action.SCHEDULED;
        }

        @Override
        protected void onCompleteSuccess() {
            callback.succeeded();
        }

        @Override
        protected void onCompleteFailure(Throwable cause) {
            callback.failed(cause);
        }
    }
}
