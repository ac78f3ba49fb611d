package io.tidemark.client;

import io.tidemark.client.wire.BatchReply;
import io.tidemark.client.wire.BatchReply.Status;
import io.tidemark.client.wire.BatchRequest;
import java.util.Deque;
import java.util.List;
import java.util.function.LongSupplier;

/** Reads of single keys, all of one consistency. What did not fit into an answer any more is asked again. */
final class ReadPipeline extends Pipeline {

    ReadPipeline(ClientOptions options, Consistency consistency, Attempts attempts, LongSupplier nanoClock) {
        super(
                options,
                options.readBatches(),
                consistency == Consistency.LOCAL ? "/v1/batch?consistency=local" : "/v1/batch",
                attempts,
                nanoClock);
    }

    @Override
    boolean changes() {
        return false;
    }

    @Override
    public List<PendingRequest> cut(Deque<PendingRequest> waiting) {
        return take(waiting, () -> true, r -> {});
    }

    @Override
    BatchRequest message(List<PendingRequest> batch) {
        return new BatchRequest(
                null, 0, batch.stream().map(PendingRequest::toWire).toList());
    }

    @Override
    boolean onReply(PendingRequest request, BatchReply.Reply reply) {
        if (reply.status() != Status.NOT_ANSWERED) {
            return true;
        }
        add(request);
        return false;
    }

    @Override
    void onOver(List<PendingRequest> batch) {}
}
