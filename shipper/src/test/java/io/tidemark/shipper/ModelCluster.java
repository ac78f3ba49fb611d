package io.tidemark.shipper;

import io.tidemark.engine.StorageEngine.State;
import io.tidemark.engine.StorageEngine.TermStart;
import io.tidemark.engine.log.Entry;
import io.tidemark.engine.log.EntryCodec;
import io.tidemark.engine.log.EntryKind;
import io.tidemark.engine.log.LogEntry;
import io.tidemark.engine.log.Operation;
import io.tidemark.engine.log.Operation.AdvanceHighWater;
import io.tidemark.engine.log.Reply;
import io.tidemark.engine.log.Version;
import io.tidemark.shipper.catalog.HistoryReader;
import io.tidemark.shipper.segment.Entries;
import io.tidemark.shipper.segment.SegmentName;
import io.tidemark.shipper.segment.SegmentReader;
import io.tidemark.shipper.store.Hashes;
import io.tidemark.shipper.store.ObjectStore;
import io.tidemark.shipper.store.SimulatedObjectStore;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/**
 * One committed log, and nodes that have applied a part of it each. Every announcement that the log accepts is held
 * against the store: what it names must be there and hold exactly those entries.
 */
final class ModelCluster {
    static final String HISTORY = "history-1";

    private final Truth store;
    private final List<LogEntry> entries = new ArrayList<>();
    private final List<State> states = new ArrayList<>();
    private final List<AdvanceHighWater> accepted = new ArrayList<>();

    /** What is in the store, past all faults. */
    interface Truth {
        /** Null when there is no such object. */
        byte[] peek(String key);

        List<String> keys();

        ObjectStore unfaulted();
    }

    ModelCluster(SimulatedObjectStore store) {
        this(new Truth() {
            @Override
            public byte[] peek(String key) {
                return store.peek(key);
            }

            @Override
            public List<String> keys() {
                return store.keys();
            }

            @Override
            public ObjectStore unfaulted() {
                return store;
            }
        });
    }

    /** Over a store of any kind, seen past its faults. */
    static ModelCluster over(ObjectStore unfaulted) {
        return new ModelCluster(new Truth() {
            @Override
            public byte[] peek(String key) {
                return unfaulted.get(key).orElse(null);
            }

            @Override
            public List<String> keys() {
                return unfaulted.list("", null).stream()
                        .map(ObjectStore.ObjectInfo::key)
                        .toList();
            }

            @Override
            public ObjectStore unfaulted() {
                return unfaulted;
            }
        });
    }

    private ModelCluster(Truth store) {
        this.store = store;
        newTerm();
        append(new Operation.HistoryStarted(HISTORY, "", -1));
    }

    long last() {
        return entries.size() - 1L;
    }

    long shipped() {
        return states.get(states.size() - 1).shipped();
    }

    LogEntry entry(long lsn) {
        return entries.get((int) lsn);
    }

    List<AdvanceHighWater> accepted() {
        return accepted;
    }

    /** Raft's own entry at the start of a leader's term. */
    void newTerm() {
        add(Entries.configuration(entries.size(), term() + 1, "peers of term " + (term() + 1)));
    }

    void put(int valueBytes) {
        add(Entries.put(entries.size(), term(), valueBytes));
    }

    void metadata() {
        add(Entries.metadata(entries.size(), term()));
    }

    Reply append(Operation operation) {
        LogEntry entry = Entries.commands(entries.size(), term(), operation);
        return add(entry);
    }

    private long term() {
        return entries.isEmpty() ? 0 : entries.get(entries.size() - 1).term();
    }

    private Reply add(LogEntry entry) {
        State before = states.isEmpty()
                ? new State(-1, 0, 0, -1, "", "", -1, 0, List.of(), new byte[0], -1)
                : states.get(states.size() - 1);
        entries.add(entry);
        List<TermStart> terms = new ArrayList<>(before.terms());
        if (entry.term() != before.term()) {
            terms.add(new TermStart(entry.term(), entry.lsn()));
        }
        boolean configures = entry.kind() == EntryKind.CONFIGURATION;
        long shipped = before.shipped();
        String history = before.history();
        Reply reply = Reply.of(Reply.Status.OK, new Version(entry.lsn(), 0));
        if (entry.kind() == EntryKind.COMMANDS) {
            Entry decoded = EntryCodec.decode(entry.payload());
            Operation operation = decoded.commands().get(0).operation();
            if (operation instanceof Operation.HistoryStarted started) {
                history = started.history();
            } else if (operation instanceof AdvanceHighWater advance) {
                if (advance.first() == shipped + 1 && advance.last() < entry.lsn()) {
                    prove(advance);
                    accepted.add(advance);
                    shipped = advance.last();
                } else {
                    reply = Reply.of(Reply.Status.REFUSED, new Version(shipped, 0));
                }
            }
        }
        states.add(new State(
                entry.lsn(),
                entry.term(),
                31 * before.redoChain() + entry.hashCode(),
                shipped,
                history,
                "",
                -1,
                0,
                terms,
                configures ? entry.payload() : before.configuration(),
                configures ? entry.lsn() : before.configurationLsn()));
        return reply;
    }

    /** What an accepted announcement says must be true in the store at that very moment. */
    private void prove(AdvanceHighWater advance) {
        byte[] bytes = store.peek(advance.object());
        require(bytes != null, "announced before it is there: " + advance);
        require(bytes.length == advance.bytes(), "length of " + advance.object());
        require(
                Hashes.sha256Hex(bytes).equals(HexFormat.of().formatHex(advance.sha256())),
                "hash of " + advance.object());
        SegmentReader reader =
                SegmentReader.open(SegmentName.parse(advance.object()).orElseThrow(), bytes);
        List<LogEntry> found = new ArrayList<>();
        reader.forEach(found::add);
        require(reader.name().first() <= advance.first() && reader.name().last() >= advance.last(), "range");
        for (LogEntry entry : found) {
            require(entry.equals(entry(entry.lsn())), "entry " + entry + " in " + advance.object());
        }
        require(advance.redoChain() == states.get((int) advance.last()).redoChain(), "chain of " + advance);
        boolean named = store.keys().stream()
                .anyMatch(k -> k.startsWith(HISTORY + "/manifest/" + SegmentName.padded(advance.last()) + "-"));
        require(named, "no manifest of mark " + advance.last());
    }

    /** Everything up to the mark is in the store, without a gap, as it was committed. */
    void proveCoverage() {
        HistoryReader reader = new HistoryReader(store.unfaulted());
        long next = 0;
        for (HistoryReader.Piece piece : reader.covering(HISTORY, -1, shipped())) {
            require(piece.from() == next, "gap at " + next);
            reader.segment(piece.segment()).forEach(e -> require(e.equals(entry(e.lsn())), "entry " + e));
            next = piece.to() + 1;
        }
        require(next == shipped() + 1, "covered up to " + (next - 1) + " of " + shipped());
    }

    static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }

    /** How a node answers a proposal. */
    enum Proposing {
        APPLIES,
        /** The entry is committed, its proposer does not learn it. */
        LOSES_ANSWER,
        REFUSES_LEADERSHIP,
        /** The entry waits until {@link Node#release}. */
        HOLDS
    }

    /** A node's view of the log. */
    final class Node implements LogSource, HighWaterProposer {
        private long applied = last();
        private long purged = -1;
        private Proposing proposing = Proposing.APPLIES;
        private Operation held;
        private CompletableFuture<Reply> heldAnswer;

        void applyAll() {
            applied = last();
        }

        void applyTo(long lsn) {
            applied = Math.max(applied, Math.min(lsn, last()));
        }

        void purge(long lsn) {
            purged = lsn;
        }

        void proposing(Proposing how) {
            proposing = how;
        }

        boolean holds() {
            return held != null;
        }

        void release() {
            Reply reply = append(held);
            applyAll();
            held = null;
            heldAnswer.complete(reply);
        }

        State state() {
            return states.get((int) applied);
        }

        @Override
        public long lastShippable() {
            return applied;
        }

        @Override
        public Optional<LogEntry> entry(long lsn) {
            return lsn > applied || lsn <= purged ? Optional.empty() : Optional.of(ModelCluster.this.entry(lsn));
        }

        @Override
        public OptionalLong chainAt(long lsn) {
            return lsn > applied
                    ? OptionalLong.empty()
                    : OptionalLong.of(states.get((int) lsn).redoChain());
        }

        @Override
        public CompletableFuture<Reply> propose(Operation advance) {
            return switch (proposing) {
                case APPLIES -> {
                    Reply reply = append(advance);
                    applyAll();
                    yield CompletableFuture.completedFuture(reply);
                }
                case LOSES_ANSWER -> {
                    append(advance);
                    yield CompletableFuture.failedFuture(new IllegalStateException("answer lost"));
                }
                case REFUSES_LEADERSHIP -> CompletableFuture.failedFuture(new IllegalStateException("not the leader"));
                case HOLDS -> {
                    held = advance;
                    heldAnswer = new CompletableFuture<>();
                    yield heldAnswer;
                }
            };
        }
    }
}
