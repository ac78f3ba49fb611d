package io.tidemark.daemon.http;

import io.tidemark.engine.StorageEngine.Row;
import io.tidemark.engine.StorageEngine.Scan;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.function.BiFunction;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.IteratingCallback;

/**
 * A scan as lines of JSON, chunk after chunk: the next chunk is read when the one before is sent, so a slow reader holds
 * one chunk of memory. Each chunk is of one state. A failure on the way breaks the connection off.
 */
final class RowStream implements Answer {
    static final String MEDIA_TYPE = "application/x-ndjson";

    private final BiFunction<KeyRange, Integer, Scan> scan;
    private final KeyRange range;
    private final int limit;
    private final MemoryBudget memory;

    /**
     * @param scan reads a chunk of the given range and at most so many rows
     * @param memory where room for a chunk is set aside while it is read
     */
    RowStream(BiFunction<KeyRange, Integer, Scan> scan, KeyRange range, int limit, MemoryBudget memory) {
        this.memory = memory;
        this.scan = scan;
        this.range = range;
        this.limit = limit;
    }

    @Override
    public int status() {
        return 200;
    }

    @Override
    public long bytes() {
        return 0;
    }

    @Override
    public void send(Response response, Callback callback) {
        response.setStatus(200);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, MEDIA_TYPE);
        new Flow(response, callback).iterate();
    }

    private final class Flow extends IteratingCallback {
        private final Response response;
        private final Callback callback;
        private KeyRange rest = range;
        private int left = limit;
        private boolean last;

        Flow(Response response, Callback callback) {
            this.response = response;
            this.callback = callback;
        }

        @Override
        protected Action process() {
            if (last) {
                return Action.SUCCEEDED;
            }
            memory.acquire(ReadPoint.READ_BYTES).whenComplete((room, error) -> {
                if (error == null) {
                    write();
                } else {
                    failed(error);
                }
            });
            return Action.SCHEDULED;
        }

        private void write() {
            byte[] lines;
            try {
                Scan chunk = scan.apply(rest, left);
                left -= chunk.rows().size();
                last = chunk.nextKey() == null || left == 0;
                rest = last ? rest : rest.startingAt(chunk.nextKey());
                lines = lines(chunk);
            } catch (RuntimeException e) {
                failed(e);
                return;
            } finally {
                memory.release(ReadPoint.READ_BYTES);
            }
            response.write(last, ByteBuffer.wrap(lines), this);
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

    private static byte[] lines(Scan chunk) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Row row : chunk.rows()) {
            out.writeBytes(Json.bytes(RowJson.of(row)));
            out.write('\n');
        }
        return out.toByteArray();
    }
}
