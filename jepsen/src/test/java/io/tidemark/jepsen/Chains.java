package io.tidemark.jepsen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.jepsen.checker.AcknowledgedWrites;
import io.tidemark.jepsen.checker.Operation;
import io.tidemark.jepsen.checker.VersionOrder;
import io.tidemark.jepsen.checker.VersionOrder.Position;
import io.tidemark.jepsen.cluster.Cluster;
import io.tidemark.jepsen.cluster.Waiting;
import io.tidemark.jepsen.history.Event;
import io.tidemark.jepsen.history.Recorder;
import io.tidemark.jepsen.workload.ChainWorkload;
import io.tidemark.jepsen.workload.ClientRegisters;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The load of most tests: chains of conditional writes, and the judgement that all acknowledged ones are there, once. */
final class Chains implements AutoCloseable {

    /** A process makes no more than 100 writes and 1 MB a second: other tests want the machine too. */
    private static final Duration REST = Duration.ofMillis(10);

    private static final Duration REST_PER_BYTE = Duration.ofNanos(1_000);

    /** Above this a run says nothing. */
    private static final double INFO_SHARE_MAX = 0.1;

    private final Recorder history;
    private final String prefix;
    private final ChainWorkload workload;

    private Chains(Recorder history, String prefix, ChainWorkload workload) {
        this.history = history;
        this.prefix = prefix;
        this.workload = workload;
    }

    /** Begins to write, in as many chains as there are processes, under keys that begin with {@code prefix}. */
    static Chains begin(Arena arena, Cluster cluster, String prefix, int processes, int valueBytes) {
        Recorder history = arena.history();
        ChainWorkload workload = new ChainWorkload(
                history, ClientRegisters.on(cluster.endpoints(), Duration.ofSeconds(10)), prefix, valueBytes);
        Duration restOfValue = REST_PER_BYTE.multipliedBy(valueBytes);
        workload.staggered(restOfValue.compareTo(REST) > 0 ? restOfValue : REST).begin(processes, 1);
        return arena.closing(new Chains(history, prefix, workload));
    }

    /** What happened, for a nemesis to add to. */
    Recorder history() {
        return history;
    }

    /** Waits until this many more writes are acknowledged. */
    void awaitMore(int writes) {
        long wanted = acknowledged() + writes;
        Waiting.until(writes + " more writes", Cluster.PATIENCE, this::acknowledged, n -> n >= wanted);
    }

    /** Waits until so much is clear that what is not does not matter. */
    void awaitClear() {
        Waiting.until(
                "few unclear answers",
                Cluster.PATIENCE,
                () -> history.counts().infoShare(),
                share -> share <= INFO_SHARE_MAX / 2);
    }

    long acknowledged() {
        return history.count(Event.Type.OK);
    }

    /** Ends the writing. */
    void stop() {
        workload.stop();
    }

    /** Every acknowledged write is there, once, in one order; and the run says something. */
    void assertKept(Cluster cluster) {
        assertKeptThrough(cluster, Long.MAX_VALUE);
    }

    /** The cluster holds exactly what was written at or below this LSN. */
    void assertKeptThrough(Cluster cluster, long lsn) {
        assertKeptThrough(cluster.endpoints(), lsn);
    }

    /** What answers there holds exactly what was written at or below this LSN. */
    void assertKeptThrough(List<String> endpoints, long lsn) {
        List<Operation> operations = Operation.of(history.history());
        List<Operation> through =
                operations.stream().filter(o -> !doneAfter(o, lsn)).toList();
        Map<String, AcknowledgedWrites.Row> rows = ClientRegisters.rows(endpoints, prefix);
        assertEquals(List.of(), AcknowledgedWrites.violations(through, rows));
        rows.forEach((key, row) -> assertTrue(
                Position.parse(row.version()).lsn() <= lsn, () -> key + " holds " + row + ", later than " + lsn));
        assertEquals(Optional.empty(), VersionOrder.violation(operations));
        assertTrue(
                history.counts().infoShare() <= INFO_SHARE_MAX,
                "too many unclear answers: " + history.counts().infoShare());
        assertTrue(acknowledged() > 0, "nothing was acknowledged");
    }

    /** The LSN of an acknowledged write about half way. */
    long lsnHalfWay() {
        List<Operation> done = Operation.of(history.history()).stream()
                .filter(o -> o.outcome() == Operation.Outcome.DONE)
                .toList();
        return Position.parse(done.get(done.size() / 2).version()).lsn();
    }

    long acknowledgedAfter(long lsn) {
        return Operation.of(history.history()).stream()
                .filter(o -> doneAfter(o, lsn))
                .count();
    }

    private static boolean doneAfter(Operation o, long lsn) {
        return o.outcome() == Operation.Outcome.DONE
                && Position.parse(o.version()).lsn() > lsn;
    }

    @Override
    public void close() {
        workload.close();
    }
}
