package io.tidemark.jepsen.workload;

import io.tidemark.client.TidemarkClient;
import io.tidemark.client.TidemarkClientException;
import io.tidemark.client.Transaction;
import io.tidemark.jepsen.cluster.Waiting;
import io.tidemark.jepsen.history.Event;
import io.tidemark.jepsen.history.Recorder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Transactions that stay open over many calls, with savepoints; some are taken back, of some the client vanishes. In
 * between everything is read in one scan.
 */
public final class OpenTransactionWorkload extends ClientCalls {

    private static final String PREFIX = "open/";
    private static final int KEYS = 24;
    private static final int STEPS_MAX = 8;

    private final AtomicLong transactions = new AtomicLong();
    private final AtomicLong values = new AtomicLong();

    /** A workload that has not begun. */
    public OpenTransactionWorkload(Recorder history, List<String> endpoints, Duration patience) {
        super(history, endpoints, patience);
    }

    @Override
    boolean step(int process, TidemarkClient client, Voice voice, Random random) {
        if (random.nextInt(4) == 0) {
            return read(client, voice);
        }
        String name = "t" + transactions.getAndIncrement();
        Optional<Transaction> begun =
                voice.ask("begin", List.of(name), () -> client.begin(IDLE), t -> nothing(List.of(name)));
        return begun.isPresent() && new Course(name, begun.get(), voice).run(random);
    }

    /** Nobody has anything open any more; what the clients left that are gone is taken back, so no key stays locked. */
    @Override
    public void finish() {
        try (TidemarkClient client = connect(0)) {
            Waiting.until(
                    "no key is locked by a transaction whose client is gone",
                    IDLE.multipliedBy(6),
                    () -> locked(client),
                    List::isEmpty);
        }
    }

    private static List<String> locked(TidemarkClient client) {
        List<String> locked = new ArrayList<>();
        Transaction probe = TidemarkClient.await(client.begin(IDLE));
        for (int i = 0; i < KEYS; i++) {
            try {
                TidemarkClient.await(probe.lock(KEYSPACE, bytes(PREFIX + "k" + i)));
            } catch (TidemarkClientException e) {
                locked.add("k" + i + ": " + e.getMessage());
            }
        }
        giveUp(probe);
        return locked;
    }

    private static boolean read(TidemarkClient client, Voice voice) {
        return voice.ask(
                        "read",
                        null,
                        () -> snapshot(client, PREFIX),
                        snapshot -> new Voice.Done(snapshot.values(), Event.Seen.lsn(snapshot.lsn())))
                .isPresent();
    }

    private static Voice.Done nothing(Object value) {
        return new Voice.Done(value, Event.Seen.NOTHING);
    }

    /** One transaction from its first change to its end. */
    private final class Course {
        private final String name;
        private final Transaction transaction;
        private final Voice voice;
        private final List<Long> savepoints = new ArrayList<>();
        private final List<String> names = new ArrayList<>();

        Course(String name, Transaction transaction, Voice voice) {
            this.name = name;
            this.transaction = transaction;
            this.voice = voice;
        }

        /** Whether every call was done. Some clients whose call was not done vanish, most ask for all to be taken back. */
        boolean run(Random random) {
            for (int left = 1 + random.nextInt(STEPS_MAX); left > 0; left--) {
                if (!change(random)) {
                    if (random.nextInt(5) > 0) {
                        done("rollback", List.of(name), transaction::rollback);
                    }
                    return false;
                }
            }
            int dice = random.nextInt(10);
            if (dice == 0) {
                return true; // vanishes
            }
            List<String> value = List.of(name);
            return dice <= 2
                    ? done("rollback", value, transaction::rollback)
                    : voice.ask("commit", value, transaction::commit, lsn -> new Voice.Done(value, Event.Seen.lsn(lsn)))
                            .isPresent();
        }

        private boolean change(Random random) {
            String key = "k" + random.nextInt(KEYS);
            byte[] bytes = bytes(PREFIX + key);
            int dice = random.nextInt(10);
            if (dice < 5) {
                String put = name + "." + values.getAndIncrement();
                List<String> value = List.of(name, key, put);
                return done("put", value, () -> transaction.put(KEYSPACE, bytes, bytes(put)));
            }
            if (dice < 6) {
                return delete(List.of(name, key), bytes);
            }
            if (dice < 8) {
                return voice.ask(
                                "get",
                                Arrays.asList(name, key, null),
                                () -> transaction.get(KEYSPACE, bytes),
                                got -> nothing(Arrays.asList(name, key, got.found() ? text(got.value()) : null)))
                        .isPresent();
            }
            if (dice < 9 || savepoints.isEmpty()) {
                return savepoint();
            }
            int back = random.nextInt(savepoints.size());
            List<String> value = List.of(name, names.get(back));
            boolean done = done("rollback-to", value, () -> transaction.rollbackTo(savepoints.get(back)));
            // Later ones are gone.
            savepoints.subList(back + 1, savepoints.size()).clear();
            names.subList(back + 1, names.size()).clear();
            return done;
        }

        private boolean delete(List<String> value, byte[] key) {
            AtomicBoolean absent = new AtomicBoolean();
            return done(
                            "delete",
                            value,
                            () -> transaction.delete(KEYSPACE, key).thenApply(result -> {
                                absent.set(!result.existed());
                                return somethingDeleted(result);
                            }))
                    || absent.get();
        }

        private boolean savepoint() {
            String savepoint = "s" + values.getAndIncrement();
            List<String> value = List.of(name, savepoint);
            Optional<Long> taken = voice.ask("savepoint", value, transaction::savepoint, at -> nothing(value));
            taken.ifPresent(at -> {
                savepoints.add(at);
                names.add(savepoint);
            });
            return taken.isPresent();
        }

        private <T> boolean done(String f, Object value, Supplier<CompletableFuture<T>> call) {
            return voice.ask(f, value, () -> call.get().thenApply(answer -> true), answer -> nothing(value))
                    .isPresent();
        }
    }
}
