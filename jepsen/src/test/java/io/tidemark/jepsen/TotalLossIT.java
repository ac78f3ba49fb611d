package io.tidemark.jepsen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.jepsen.cluster.Cluster;
import io.tidemark.jepsen.cluster.CommandLine;
import io.tidemark.jepsen.cluster.StatusReader;
import io.tidemark.jepsen.cluster.TrialStore;
import io.tidemark.jepsen.cluster.Waiting;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;

/** All disks are lost; what S3 has comes back, exactly, as a new history that goes on. */
class TotalLossIT {

    private static final int ROUNDS = Integer.getInteger("tidemark.rounds", 5);
    private static final int WRITES_MIN = 150;
    private static final int WRITES_MAX = 1_000;

    /** So that each round has a checkpoint, and its cluster begins with its pages in S3. */
    private static final Map<String, String> COLD = Map.of(
            "TIDEMARK_HOT_TIER_BYTES", "1MiB",
            "TIDEMARK_CHECKPOINT_LOG_BYTES", "128KiB",
            "TIDEMARK_SEGMENT_BYTES", "64KiB",
            "TIDEMARK_SEGMENT_AGE_MILLIS", "300");

    @RegisterExtension
    final Arena arena = new Arena();

    @Test
    void aClusterThatLostAllItsDisksIsRestoredToTheNewestManifestOrToAnyLsnBelow() {
        Cluster lost = arena.up();
        Chains chains = Chains.begin(arena, lost, "chain/", 8, 1_000);
        chains.awaitMore(Arena.LONG ? 1_500 : 500);
        lost.kill(lost.names().toArray(String[]::new));
        chains.stop();
        lost.watch().check();
        long shown = lost.watch().highestShipped();
        long newest = lost.objects().newestManifest();
        assertTrue(shown > 0 && newest >= shown, "newest manifest " + newest + ", S3_HWM shown " + shown);
        lost.names().forEach(lost::removeDirectory);

        long below = chains.lsnHalfWay();
        assertTrue(below < newest, "half way is " + below + ", S3 has " + newest);
        viewed(lost, below, chains);
        if (Arena.LONG) {
            Cluster earlier = restoredElsewhere(lost, below);
            chains.assertKeptThrough(earlier, below);
            assertItGoesOn(earlier, below, "earlier/");
            earlier.close();
        }

        lost.close();
        Cluster restored = restoredInPlace(arena.commands(), lost, newest);
        chains.assertKeptThrough(restored, newest);
        assertItGoesOn(restored, newest, "after/");
        arena.report(
                "%d writes acknowledged, highest S3_HWM shown %d, %d viewed, %d restored",
                chains.acknowledged(), shown, below, newest);
    }

    @Test
    @EnabledIfSystemProperty(named = "tidemark.long", matches = "true")
    void roundAfterRoundWhatComesBackIsWhatS3HadAtARandomMoment() {
        long seed = Long.getLong("tidemark.seed", System.nanoTime());
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        CommandLine commands = arena.commands(COLD);
        Cluster cluster = arena.adopt(Cluster.up(arena.path("cluster"), commands, null));
        Map<Chains, Long> before = new LinkedHashMap<>();
        long acknowledged = 0;
        long lost = 0;
        for (int round = 1; round <= ROUNDS; round++) {
            Chains chains = Chains.begin(arena, cluster, "round-" + round + "/", 4, 1_000);
            chains.awaitMore(WRITES_MIN + random.nextInt(WRITES_MAX - WRITES_MIN));
            cluster.kill(cluster.names().toArray(String[]::new));
            chains.stop();
            cluster.watch().check();
            long shown = cluster.watch().highestShipped();
            long newest = cluster.objects().newestManifest();
            assertTrue(newest >= shown, "round " + round + ": manifest " + newest + ", S3_HWM shown " + shown);
            cluster.names().forEach(cluster::removeDirectory);
            cluster.close();
            cluster = restoredInPlace(commands, cluster, newest);
            before.put(chains, newest);
            chains.assertKeptThrough(cluster, newest);
            acknowledged += chains.acknowledged();
            lost += chains.acknowledgedAfter(newest);
        }
        for (Map.Entry<Chains, Long> round : before.entrySet()) {
            round.getKey().assertKeptThrough(cluster, round.getValue());
        }
        arena.assertWhole(cluster);
        arena.report(
                "%d rounds, seed %d: %d writes acknowledged, %d of them past what S3 had",
                ROUNDS, seed, acknowledged, lost);
    }

    /** The bucket alone is enough to read what was. */
    private void viewed(Cluster lost, long lsn, Chains chains) {
        String address = "127.0.0.1:" + TrialStore.freePort();
        CommandLine.Running view = arena.closing(arena.commands()
                .begin(
                        "view",
                        "--dir",
                        lost.directory().toString(),
                        "--at-lsn",
                        Long.toString(lsn),
                        "--http",
                        address,
                        "--scratch",
                        arena.path("view").toString()));
        StatusReader reader = new StatusReader();
        Waiting.until(
                "the view of LSN " + lsn + " answers",
                Cluster.PATIENCE,
                () -> reader.ready(address) || !view.alive(),
                answers -> answers);
        assertTrue(view.alive(), () -> view.await(Cluster.PATIENCE).toString());
        chains.assertKeptThrough(List.of(address), lsn);
        CommandLine.Result written = arena.commands()
                .run(Cluster.PATIENCE, "put", "key", "value", "--endpoints", address)
                .expect(1);
        assertTrue(written.err().contains("never written"), written::toString);
        view.close();
    }

    private Cluster restoredElsewhere(Cluster lost, long lsn) {
        CommandLine commands = arena.commands(TrialStore.credentials());
        Path directory = arena.path("earlier");
        String url =
                "s3://" + lost.file().s3().bucket() + "/" + lost.file().s3().prefix();
        restore(
                commands,
                lsn,
                "--dir",
                directory.toString(),
                "--s3",
                url,
                "--s3-endpoint",
                lost.file().s3().endpoint(),
                "--at-lsn",
                Long.toString(lsn));
        return started(commands, directory, lost);
    }

    private Cluster restoredInPlace(CommandLine commands, Cluster lost, long newest) {
        restore(commands, newest, "--dir", lost.directory().toString());
        return started(commands, lost.directory(), lost);
    }

    private static void restore(CommandLine commands, long lsn, String... options) {
        List<String> arguments = new ArrayList<>(List.of("restore"));
        arguments.addAll(List.of(options));
        CommandLine.Result restore =
                commands.run(Cluster.PATIENCE, arguments.toArray(String[]::new)).expectDone();
        assertTrue(restore.out().contains("LSN " + lsn), () -> "it does not say LSN " + lsn + ": " + restore);
    }

    private Cluster started(CommandLine commands, Path directory, Cluster lost) {
        commands.run(Cluster.PATIENCE, "up", "--detach", "--dir", directory.toString())
                .expectDone();
        Cluster restored =
                arena.adopt(Cluster.of(directory, commands, lost.directory().resolve("s3")));
        restored.awaitAllReady();
        assertNotEquals(lost.file().history(), restored.file().history());
        return restored;
    }

    private void assertItGoesOn(Cluster restored, long fork, String prefix) {
        Chains after = Chains.begin(arena, restored, prefix, 4, 1_000);
        after.awaitMore(50);
        after.stop();
        arena.assertWhole(restored);
        after.assertKept(restored);
        assertTrue(restored.objects().newestManifest() > fork, "it does not ship in its own history");
        assertEquals(fork + 1, restored.objects().segments().get(0).first(), "its history begins after the fork");
    }
}
