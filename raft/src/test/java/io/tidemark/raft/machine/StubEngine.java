package io.tidemark.raft.machine;

import io.tidemark.engine.Change;
import io.tidemark.engine.PageCut;
import io.tidemark.engine.Snapshot;
import io.tidemark.engine.StorageEngine;
import io.tidemark.engine.io.DiskFile;
import io.tidemark.engine.log.Command;
import io.tidemark.engine.log.LogEntry;
import io.tidemark.engine.log.Operation;
import io.tidemark.engine.log.Reply;
import io.tidemark.engine.txn.TransactionView;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Remembers what it was given, and fails when told to. */
public class StubEngine implements StorageEngine {
    public final List<LogEntry> applied = new ArrayList<>();
    public final Map<Long, Long> chains = new HashMap<>();
    public final Deque<Operation> work = new ArrayDeque<>();
    public TransactionView transactions = TransactionView.NONE;
    public OptionalLong sessionUsedMillis = OptionalLong.empty();
    RuntimeException failure;
    boolean ending;
    private volatile State state;

    public StubEngine(long applied, long term) {
        state = new State(applied, term, 0, -1, "", "", -1, 0, List.of(new TermStart(term, 0)), new byte[0], -1);
    }

    @Override
    public List<Reply> apply(LogEntry entry) {
        if (failure != null) {
            throw failure;
        }
        if (entry.lsn() <= state.applied()) {
            return List.of();
        }
        applied.add(entry);
        state = new State(entry.lsn(), entry.term(), 0, -1, "", "", -1, 0, state.terms(), new byte[0], -1);
        return List.of();
    }

    @Override
    public boolean isAtHand(List<Command> commands) {
        return true;
    }

    @Override
    public void fetch(List<Command> commands) {}

    @Override
    public void bringToDisk(List<Command> commands) {}

    @Override
    public long fill(long bytesMax) {
        return 0;
    }

    @Override
    public Tier tier() {
        return Tier.NONE;
    }

    @Override
    public void endWaits() {}

    @Override
    public boolean isEnding() {
        return ending;
    }

    @Override
    public void listen(Consumer<Change> listener) {
        throw new UnsupportedOperationException();
    }

    @Override
    public State state() {
        return state;
    }

    @Override
    public long durableLsn() {
        return state.applied();
    }

    @Override
    public CompletableFuture<Long> requestSync() {
        return CompletableFuture.completedFuture(state.applied());
    }

    @Override
    public long checkpoint() {
        return 0;
    }

    @Override
    public int getInto(String keyspace, byte[] key, ByteBuffer target) {
        return ABSENT;
    }

    @Override
    public Optional<Row> get(String keyspace, byte[] key) {
        return Optional.empty();
    }

    @Override
    public Scan scan(String keyspace, byte[] from, byte[] to, int limitRows, long limitBytes) {
        return new Scan(List.of(), null, state.applied());
    }

    @Override
    public Optional<Row> get(long transaction, String keyspace, byte[] key) {
        return Optional.empty();
    }

    @Override
    public Scan scan(long transaction, String keyspace, byte[] from, byte[] to, int limitRows, long limitBytes) {
        return scan(keyspace, from, to, limitRows, limitBytes);
    }

    @Override
    public Optional<Row> read(String keyspace, byte[] key, long lsn) {
        return Optional.empty();
    }

    @Override
    public void updateLowWaterMark(long lsn) {}

    @Override
    public long lowWaterMark() {
        return state.shipped();
    }

    @Override
    public TransactionView transactions() {
        return transactions;
    }

    @Override
    public OptionalLong sessionUsedMillis() {
        return sessionUsedMillis;
    }

    @Override
    public Optional<Operation> work() {
        return Optional.ofNullable(work.peek());
    }

    @Override
    public PageCut cut(long base, DiskFile scratch) {
        throw new UnsupportedOperationException("not asked for here");
    }

    @Override
    public Snapshot snapshot() {
        throw new UnsupportedOperationException("not asked for here");
    }

    @Override
    public List<String> keyspaces() {
        return List.of();
    }

    @Override
    public OptionalLong chainAt(long lsn) {
        Long chain = chains.get(lsn);
        return chain == null ? OptionalLong.empty() : OptionalLong.of(chain);
    }

    @Override
    public Optional<ContentsDigest> contentsAt(long lsn) {
        return Optional.empty();
    }

    @Override
    public ContentsDigest contents() {
        throw new UnsupportedOperationException("not asked for here");
    }

    @Override
    public void close() {}
}
