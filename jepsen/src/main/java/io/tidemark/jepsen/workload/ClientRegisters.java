package io.tidemark.jepsen.workload;

import io.tidemark.client.ClientOptions;
import io.tidemark.client.ConditionFailedException;
import io.tidemark.client.Consistency;
import io.tidemark.client.DeleteResult;
import io.tidemark.client.GetResult;
import io.tidemark.client.Precondition;
import io.tidemark.client.Row;
import io.tidemark.client.ScanRange;
import io.tidemark.client.TidemarkClient;
import io.tidemark.client.TidemarkClientException;
import io.tidemark.client.Version;
import io.tidemark.jepsen.checker.AcknowledgedWrites;
import io.tidemark.jepsen.checker.VersionOrder.Position;
import io.tidemark.jepsen.cluster.Waiting;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Registers of a real cluster: one client, hence one session, per process. */
public final class ClientRegisters implements Registers {

    /** Where all workloads write. */
    public static final String KEYSPACE = "jepsen";

    private static final Duration ATTEMPT_MAX = Duration.ofSeconds(2);
    private static final Duration LOCKS_MAX = Duration.ofSeconds(60);
    private static final int DELETIONS = 64;

    private final TidemarkClient client;

    private ClientRegisters(TidemarkClient client) {
        this.client = client;
    }

    /**
     * Opens sessions on these nodes; processes begin with different ones.
     *
     * @param patience how long one call may try
     */
    public static Opener on(List<String> endpoints, Duration patience) {
        return process -> {
            List<String> turned = new ArrayList<>(endpoints);
            Collections.rotate(turned, process);
            return new ClientRegisters(TidemarkClient.connect(options(turned, patience)));
        };
    }

    /** An attempt takes a fifth of the patience, two seconds at most: a node that is paused holds nobody up for long. */
    static ClientOptions options(List<String> endpoints, Duration patience) {
        Duration fifth = patience.dividedBy(5);
        return ClientOptions.of(endpoints)
                .withRequestTimeout(patience)
                .withAttemptTimeout(fifth.compareTo(ATTEMPT_MAX) < 0 ? fifth : ATTEMPT_MAX);
    }

    @Override
    public Answer read(String key) {
        return ended(
                client.get(KEYSPACE, bytes(key)),
                (GetResult result) -> result.found()
                        ? Answer.seen(text(result.value()), position(result.version()))
                        : Answer.seen(null, null));
    }

    @Override
    public Answer write(String key, String value) {
        return ended(
                client.put(KEYSPACE, bytes(key), bytes(value)), result -> Answer.written(position(result.version())));
    }

    @Override
    public Answer swap(String key, String expectedVersion, String value) {
        Precondition condition =
                expectedVersion == null ? Precondition.absent() : Precondition.versionIs(version(expectedVersion));
        return ended(
                client.put(KEYSPACE, bytes(key), bytes(value), condition),
                result -> Answer.written(position(result.version())));
    }

    /** All rows whose key begins so, without their padding, in one linearizable scan after another. */
    public static Map<String, AcknowledgedWrites.Row> rows(List<String> endpoints, String prefix) {
        Map<String, AcknowledgedWrites.Row> rows = new TreeMap<>();
        try (TidemarkClient client = TidemarkClient.connect(endpoints)) {
            Iterator<Row> all = client.rows(KEYSPACE, ScanRange.ofPrefix(bytes(prefix)), Consistency.LINEARIZABLE);
            while (all.hasNext()) {
                Row row = all.next();
                rows.put(
                        text(row.key()),
                        new AcknowledgedWrites.Row(ChainWorkload.token(text(row.value())), position(row.version())));
            }
        }
        return rows;
    }

    /** Deletes all rows of all workloads; waits for locks whose owners are gone. */
    public static void clear(List<String> endpoints) {
        try (TidemarkClient client = TidemarkClient.connect(endpoints)) {
            Waiting.until("all rows deleted", LOCKS_MAX, () -> deleted(client), left -> left == 0);
        }
    }

    /** How many rows could not be deleted. */
    private static int deleted(TidemarkClient client) {
        List<CompletableFuture<DeleteResult>> deletions = new ArrayList<>();
        Iterator<Row> all = client.rows(KEYSPACE, ScanRange.ofPrefix(new byte[0]), Consistency.LINEARIZABLE);
        int left = 0;
        while (all.hasNext()) {
            deletions.add(client.delete(KEYSPACE, all.next().key()));
            if (deletions.size() == DELETIONS || !all.hasNext()) {
                left += (int) deletions.stream().filter(d -> !isDone(d)).count();
                deletions.clear();
            }
        }
        return left;
    }

    private static boolean isDone(CompletableFuture<DeleteResult> deletion) {
        try {
            TidemarkClient.await(deletion);
            return true;
        } catch (TidemarkClientException e) {
            if (e.kind() == TidemarkClientException.Kind.CONFLICT) {
                return false;
            }
            throw e;
        }
    }

    private static <T> Answer ended(CompletableFuture<T> call, Function<T, Answer> done) {
        try {
            return done.apply(TidemarkClient.await(call));
        } catch (ConditionFailedException e) {
            return Answer.of(End.CONDITION_FAILED, e.getMessage());
        } catch (TidemarkClientException e) {
            return switch (e.kind()) {
                case OUTCOME_UNKNOWN -> Answer.of(End.UNKNOWN, e.getMessage());
                case RETRY, UNAVAILABLE -> Answer.of(End.NOT_DONE, e.getMessage());
                case CONFLICT, INVALID, NOT_FOUND, NOT_IN_S3, CORRUPT, FATAL -> throw e;
            };
        }
    }

    private static String position(Version version) {
        return version.lsn() + "." + version.index();
    }

    private static Version version(String position) {
        Position parsed = Position.parse(position);
        return new Version(parsed.lsn(), Math.toIntExact(parsed.index()));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        client.close();
    }
}
