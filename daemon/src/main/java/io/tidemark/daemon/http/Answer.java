package io.tidemark.daemon.http;

import java.nio.ByteBuffer;
import java.util.List;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** What a face answers. */
interface Answer {

    int status();

    /** Memory that it holds until it is sent. */
    long bytes();

    /** Writes it; {@code callback} completes when the last byte is on its way. */
    void send(Response response, Callback callback);

    /** An answer that is there as a whole. */
    record Whole(int status, String contentType, byte[] body, List<HttpField> fields) implements Answer {
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
            response.write(true, ByteBuffer.wrap(body), callback);
        }
    }
}
