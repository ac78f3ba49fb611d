package io.tidemark.shipper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.engine.error.Halt;
import io.tidemark.engine.log.LogEntry;
import io.tidemark.engine.log.Operation;
import io.tidemark.engine.log.Reply;
import io.tidemark.shipper.ModelCluster.Node;
import io.tidemark.shipper.pace.Pace;
import io.tidemark.shipper.store.S3ObjectStore;
import io.tidemark.shipper.store.S3Options;
import io.tidemark.shipper.trial.FaultyProxy;
import io.tidemark.shipper.trial.FaultyProxy.Mode;
import io.tidemark.shipper.trial.TrialS3Endpoint;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shipper's own thread, the SDK's client and a real S3 server, with a network between them that fails. */
class ShipperOverS3Test {
    private static final ShipperOptions OPTIONS = ShipperOptions.builder()
            .segmentBytes(2 << 10)
            .segmentAgeMillis(50)
            .pollMillis(5)
            .backoffFirstMillis(10)
            .backoffMaxMillis(50)
            .proposalMillis(2_000)
            .build();

    @TempDir
    Path directory;

    private TrialS3Endpoint endpoint;
    private FaultyProxy proxy;
    private S3ObjectStore direct;
    private S3ObjectStore faulty;
    private ModelCluster cluster;
    private LockedNode node;
    private Shipper shipper;

    @BeforeEach
    void start() {
        endpoint = new TrialS3Endpoint(0, directory).start();
        proxy = new FaultyProxy(endpoint.port());
        direct = open(endpoint.port(), 10_000);
        direct.createBucketIfAbsent();
        faulty = open(proxy.port(), 1_000);
        cluster = ModelCluster.over(direct);
        node = new LockedNode();
        shipper = new Shipper(
                OPTIONS,
                ModelCluster.HISTORY,
                faulty,
                node,
                node,
                node::state,
                Pace.system(),
                new Random(1),
                new MetricRegistry(),
                Halt.THROW);
    }

    private static S3ObjectStore open(int port, long attemptMillis) {
        return S3ObjectStore.open(
                S3Options.of(URI.create("http://127.0.0.1:" + port), "shipping", "p")
                        .withCredentials(TrialS3Endpoint.CREDENTIALS)
                        .withTimeouts(attemptMillis, attemptMillis, 2 * attemptMillis),
                new MetricRegistry());
    }

    @AfterEach
    void stop() {
        shipper.close();
        faulty.close();
        direct.close();
        proxy.close();
        endpoint.close();
    }

    @Test
    void whateverTheNetworkDoesNothingIsLostNothingIsTwiceAndNoMarkIsEarly() {
        shipper.lead();
        for (Mode mode : new Mode[] {Mode.DROP_PUT_ANSWERS, Mode.ANSWER_503, Mode.BLACKHOLE, Mode.REFUSE}) {
            proxy.mode(mode);
            int faults = proxy.faults();
            node.put(20);
            await("faults of " + mode, () -> proxy.faults() >= faults + 3);
            if (mode != Mode.DROP_PUT_ANSWERS) {
                long shipped = node.shipped();
                await("an error", () -> shipper.status().error() != null);
                assertNotNull(shipper.status().error());
                assertEquals(shipped, node.shipped(), "with " + mode);
            }
            proxy.mode(Mode.PASS);
            await("shipping after " + mode, node::drained);
            await("no error", () -> shipper.status().error() == null);
            node.prove();
        }
    }

    @Test
    void aLeaderThatRestsShipsNoMoreAndTheNextTermGoesOn() {
        assertFalse(shipper.status().leading());
        shipper.lead();
        shipper.lead();
        node.put(3);
        await("the first term", node::drained);
        shipper.rest();
        assertFalse(shipper.status().leading());
        long shipped = node.shipped();
        node.put(3);
        shipper.nudge();
        assertEquals(shipped, node.shipped());

        shipper.lead();
        shipper.nudge();
        await("the second term", node::drained);
        assertTrue(shipper.status().leading());
        assertNull(shipper.status().error());
        shipper.close();
        node.prove();
    }

    private static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("waited in vain for " + what);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    /** The model's node, shared by the shipper's thread and the test's. */
    private final class LockedNode implements LogSource, HighWaterProposer {
        private final Node node = cluster.new Node();

        synchronized void put(int entries) {
            for (int i = 0; i < entries; i++) {
                cluster.put(300);
            }
            node.applyAll();
        }

        synchronized long shipped() {
            return cluster.shipped();
        }

        synchronized boolean drained() {
            for (long lsn = cluster.shipped() + 1; lsn <= cluster.last(); lsn++) {
                if (!Bookkeeping.holds(cluster.entry(lsn))) {
                    return false;
                }
            }
            return true;
        }

        synchronized void prove() {
            cluster.proveCoverage();
        }

        synchronized io.tidemark.engine.StorageEngine.State state() {
            return node.state();
        }

        @Override
        public synchronized long lastShippable() {
            return node.lastShippable();
        }

        @Override
        public synchronized Optional<LogEntry> entry(long lsn) {
            return node.entry(lsn);
        }

        @Override
        public synchronized OptionalLong chainAt(long lsn) {
            return node.chainAt(lsn);
        }

        @Override
        public synchronized CompletableFuture<Reply> propose(Operation advance) {
            return node.propose(advance);
        }
    }
}
