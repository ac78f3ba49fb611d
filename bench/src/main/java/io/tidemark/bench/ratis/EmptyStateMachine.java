package io.tidemark.bench.ratis;

import java.util.concurrent.CompletableFuture;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;

/** Forgets every entry and answers with nothing. A snapshot is its applied index, so that the log can be purged. */
final class EmptyStateMachine extends BaseStateMachine {
    private static final CompletableFuture<Message> NOTHING = CompletableFuture.completedFuture(Message.EMPTY);

    @Override
    public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
        LogEntryProto entry = transaction.getLogEntry();
        updateLastAppliedTermIndex(entry.getTerm(), entry.getIndex());
        return NOTHING;
    }

    @Override
    public long takeSnapshot() {
        return getLastAppliedTermIndex().getIndex();
    }
}
