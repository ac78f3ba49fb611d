package io.tidemark.jepsen.workload;

import io.tidemark.client.Consistency;
import io.tidemark.client.DeleteResult;
import io.tidemark.client.Row;
import io.tidemark.client.ScanPage;
import io.tidemark.client.ScanRange;
import io.tidemark.client.TidemarkClient;
import io.tidemark.client.TidemarkClientException;
import io.tidemark.client.TidemarkClientException.Kind;
import io.tidemark.client.Transaction;
import io.tidemark.jepsen.history.Event;
import io.tidemark.jepsen.history.Recorder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** A workload that calls the Java client: one client, hence one session, per process; processes begin with different nodes. */
public abstract class ClientCalls extends Workload {

    /** Where all workloads write. */
    static final String KEYSPACE = ClientRegisters.KEYSPACE;

    /** After so long without a call the cluster takes a transaction back. */
    static final Duration IDLE = Duration.ofSeconds(5);

    private static final String NOTHING_TO_DELETE = "nothing to delete";

    private final List<String> endpoints;
    private final Duration patience;

    /**
     * A workload that has not begun.
     *
     * @param patience how long one call may try
     */
    protected ClientCalls(Recorder history, List<String> endpoints, Duration patience) {
        super(history);
        this.endpoints = List.copyOf(endpoints);
        this.patience = patience;
    }

    /** Makes one or a few calls; answers false if the process should rest. */
    abstract boolean step(int process, TidemarkClient client, Voice voice, Random random);

    @Override
    final Actor open(int process) {
        TidemarkClient client = connect(process);
        Voice voice = voice();
        return new Actor() {
            @Override
            public boolean step(Random random) {
                return ClientCalls.this.step(process, client, voice, random);
            }

            @Override
            public void close() {
                client.close();
            }
        };
    }

    final TidemarkClient connect(int process) {
        List<String> turned = new ArrayList<>(endpoints);
        Collections.rotate(turned, process);
        return TidemarkClient.connect(ClientRegisters.options(turned, patience));
    }

    final Voice voice() {
        return new Voice(history(), numbers());
    }

    /** {@code write [k, v]} with the version that it was given; false if it was not done or nobody knows. */
    static boolean write(TidemarkClient client, Voice voice, String key, String value) {
        List<String> pair = List.of(key, value);
        return voice.ask(
                        "write",
                        pair,
                        () -> client.put(KEYSPACE, bytes(key), bytes(value)),
                        put -> new Voice.Done(
                                pair, Event.Seen.version(put.version().toString())))
                .isPresent();
    }

    /** {@code delete [k, null]}, the same. */
    static boolean delete(TidemarkClient client, Voice voice, String key) {
        List<String> pair = Arrays.asList(key, null);
        return voice.ask(
                        "delete",
                        pair,
                        () -> client.delete(KEYSPACE, bytes(key)).thenApply(ClientCalls::somethingDeleted),
                        deleted -> new Voice.Done(
                                pair, Event.Seen.version(deleted.version().toString())))
                .isPresent();
    }

    /** All rows whose key begins so, of one state; keys without the prefix. Few enough for one page. */
    static CompletableFuture<Snapshot> snapshot(TidemarkClient client, String prefix) {
        return client.scan(KEYSPACE, ScanRange.ofPrefix(bytes(prefix)), 1_000, Consistency.LINEARIZABLE)
                .thenApply(page -> Snapshot.of(page, prefix));
    }

    /**
     * Rows of one state.
     *
     * @param values by key
     */
    record Snapshot(long lsn, Map<String, String> values) {
        static Snapshot of(ScanPage page, String prefix) {
            if (page.next() != null) {
                throw new TidemarkClientException(Kind.FATAL, "the rows of " + prefix + " are more than a page");
            }
            Map<String, String> values = new TreeMap<>();
            for (Row row : page.rows()) {
                values.put(text(row.key()).substring(prefix.length()), text(row.value()));
            }
            return new Snapshot(page.lsn(), values);
        }
    }

    /** A deletion that found nothing changes nothing, and locks nothing: certainly not done. */
    static DeleteResult somethingDeleted(DeleteResult result) {
        if (!result.existed()) {
            throw new TidemarkClientException(Kind.NOT_FOUND, NOTHING_TO_DELETE);
        }
        return result;
    }

    /** Takes a transaction back as far as can be; one that cannot be reached is taken back by the cluster. */
    static void giveUp(Transaction transaction) {
        try {
            TidemarkClient.await(transaction.rollback());
        } catch (TidemarkClientException e) {
            if (e.kind() == Kind.INVALID || e.kind() == Kind.CORRUPT || e.kind() == Kind.FATAL) {
                throw e;
            }
        }
    }

    /** After a transaction was not completed: certainly without any effect, whatever the last call said. */
    static TidemarkClientException undone(TidemarkClientException why) {
        return why.kind() == Kind.OUTCOME_UNKNOWN
                ? new TidemarkClientException(Kind.RETRY, "never committed: " + why.getMessage(), why)
                : why;
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
