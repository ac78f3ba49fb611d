package io.tidemark.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.log.Command;
import io.tidemark.engine.log.Entry;
import io.tidemark.engine.log.EntryCodec;
import io.tidemark.engine.log.EntryKind;
import io.tidemark.engine.log.LogEntry;
import io.tidemark.engine.log.Operation;
import io.tidemark.engine.log.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Several owners of transactions against the model, the log given by the caller: conflicts, savepoints, rollbacks in
 * slices, restarts in the middle, and a second engine that must stay the same in every byte.
 */
class TransactionProperties {
    private static final int ENTRIES = 250;

    @Property(tries = 40)
    void t1_p7_whatOwnersAndOthersSeeIsWhatTheModelSays(@ForAll long seed) {
        new Run(new Random(seed)).play();
    }

    private static final class Run {
        private final Random random;
        private final EngineRig busy;
        private final EngineRig quiet;
        private final TransactionModel model = new TransactionModel();
        private final List<Long> everOpened = new ArrayList<>(List.of(7777L));
        private final int keys;
        private final int longest;
        private Snapshot snapshot;
        private TreeMap<String, String> snapshotRows;

        Run(Random random) {
            this.random = random;
            this.busy = new EngineRig(EngineRig.options(64, 260 + random.nextInt(3) * 100));
            this.quiet = new EngineRig(EngineRig.options(64, 4000));
            this.keys = 5 + random.nextInt(200);
            this.longest = random.nextInt(3) == 0 ? 6000 : 200;
        }

        void play() {
            for (int i = 0; i < ENTRIES; i++) {
                entry();
                check();
                disturb();
            }
            finish();
            busy.engine.inspection().checkStructure();
            assertEquals(quiet.pageBytes(), busy.pageBytes());
        }

        private void entry() {
            List<Command> commands = new ArrayList<>();
            Optional<Operation> work = busy.engine.work();
            if (work.isPresent() && random.nextInt(3) > 0) {
                commands.add(Command.of(work.get()));
            } else {
                for (int n = 1 + random.nextInt(3); n > 0; n--) {
                    commands.add(command());
                }
            }
            List<Reply> replies = apply(commands);
            for (int i = 0; i < commands.size(); i++) {
                judge(commands.get(i), replies.get(i));
            }
        }

        private void judge(Command command, Reply reply) {
            if (command.operation() instanceof Operation.RollbackSlice slice && reply.number() == 0) {
                model.rolledBack(slice.transaction());
            }
            if (command.operation().isBookkeeping()) {
                return;
            }
            Optional<String> wrong = model.judge(command, reply);
            assertTrue(wrong.isEmpty(), wrong::toString);
            if (command.operation() instanceof Operation.Begin) {
                everOpened.add(reply.number());
            }
        }

        private List<Reply> apply(List<Command> commands) {
            long lsn = busy.engine.state().applied() + 1;
            LogEntry entry = new LogEntry(
                    lsn, 1, EntryKind.COMMANDS, EntryCodec.encode(new Entry(1000 + lsn, List.copyOf(commands))));
            List<Reply> replies = busy.engine.apply(entry);
            assertEquals(quiet.engine.apply(entry), replies);
            assertEquals(quiet.engine.state().redoChain(), busy.engine.state().redoChain(), "chain after " + lsn);
            return replies;
        }

        private Command command() {
            long owner = owner();
            int kind = random.nextInt(20);
            if (kind < 8) {
                String value = EngineRig.value(random.nextInt(), random.nextInt(longest));
                return new Command(null, owner, EngineRig.put(key(), value));
            } else if (kind < 12) {
                return new Command(null, owner, EngineRig.delete(key()));
            } else if (kind == 12 || owner == 0) {
                return Command.of(new Operation.Begin(60_000));
            }
            return Command.in(owner, ofTransaction(kind, owner));
        }

        private Operation ofTransaction(int kind, long owner) {
            return switch (kind) {
                case 13 -> new Operation.LockKey(EngineRig.SPACE, EngineRig.bytes(key()));
                case 14 -> {
                    String from = key();
                    yield new Operation.LockRange(EngineRig.SPACE, EngineRig.bytes(from), EngineRig.bytes(from + "5"));
                }
                case 15, 16 -> new Operation.Savepoint();
                case 17 -> new Operation.RollbackTo(savepoint(owner), random.nextInt(6));
                case 18 -> new Operation.Commit(random.nextInt(4));
                default -> new Operation.Rollback(random.nextInt(4));
            };
        }

        private long savepoint(long owner) {
            TransactionModel.Owner open = model.open.get(owner);
            if (open == null || open.savepoints.isEmpty() || random.nextInt(8) == 0) {
                return 1 + random.nextInt(5);
            }
            List<Long> positions = List.copyOf(open.savepoints.keySet());
            return positions.get(random.nextInt(positions.size()));
        }

        /** One of those that are open, nobody, or one that has ended. */
        private long owner() {
            int choice = random.nextInt(10);
            if (choice < 2) {
                return 0;
            }
            List<Long> open = choice == 2 ? everOpened : List.copyOf(model.open.keySet());
            return open.isEmpty() ? 0 : open.get(random.nextInt(open.size()));
        }

        private String key() {
            return "key" + random.nextInt(keys);
        }

        private void check() {
            String key = key();
            assertEquals(model.committed.get(key), busy.get(key));
            for (long owner : model.open.keySet()) {
                if (!model.open.get(owner).waiting) {
                    assertEquals(model.seenBy(owner).get(key), busy.get(owner, key), () -> "owner " + owner);
                }
            }
            if (random.nextInt(12) == 0) {
                assertEquals(model.committed, busy.rows());
                for (long owner : model.open.keySet()) {
                    if (!model.open.get(owner).waiting) {
                        assertEquals(model.seenBy(owner), busy.rows(owner));
                    }
                }
            }
        }

        private void disturb() {
            switch (random.nextInt(30)) {
                case 0 -> busy.engine.flushStep();
                case 1 -> busy.engine.checkpoint();
                case 2 -> restart();
                case 3 -> openSnapshot();
                case 4 -> checkSnapshot();
                default -> {}
            }
        }

        private void restart() {
            snapshot = null;
            switch (random.nextInt(3)) {
                case 0 -> busy.closeAndReopen();
                case 1 -> busy.killAndReopen();
                default -> {
                    busy.engine.requestSync().join();
                    busy.powerOffAndReopen();
                }
            }
        }

        private void openSnapshot() {
            if (snapshot != null) {
                snapshot.close();
            }
            snapshot = busy.engine.snapshot();
            snapshotRows = new TreeMap<>(model.committed);
        }

        private void checkSnapshot() {
            if (snapshot == null) {
                return;
            }
            TreeMap<String, String> rows = new TreeMap<>();
            try {
                snapshot.scan(EngineRig.SPACE, null, null, 10_000, 8 << 20)
                        .rows()
                        .forEach(row -> rows.put(EngineRig.text(row.key()), EngineRig.text(row.value())));
            } catch (TidemarkException e) {
                assertEquals(ErrorKind.SNAPSHOT_TOO_OLD, e.kind()); // so small a pool may have no room for all it needs
                snapshot = null;
                return;
            }
            assertEquals(snapshotRows, rows);
        }

        /** Everybody ends, one way or the other; nothing of a transaction is left. */
        private void finish() {
            for (long owner : List.copyOf(model.open.keySet())) {
                Operation end = random.nextBoolean() && !model.open.get(owner).waiting
                        ? new Operation.Commit(2)
                        : new Operation.Rollback(2);
                List<Command> commands = List.of(Command.in(owner, end));
                assertEquals(
                        Optional.empty(),
                        model.judge(commands.get(0), apply(commands).get(0)));
            }
            for (Optional<Operation> work = busy.engine.work(); work.isPresent(); work = busy.engine.work()) {
                apply(List.of(Command.of(work.get())));
            }
            assertEquals(model.committed, busy.rows());
            assertEquals(
                    List.of(),
                    busy.engine
                            .inspection()
                            .scanTree("sys.undo", null, null, 10, 1000)
                            .rows());
            assertEquals(
                    List.of(),
                    busy.engine
                            .inspection()
                            .scanTree("sys.txn", null, null, 10, 1000)
                            .rows());
        }
    }
}
