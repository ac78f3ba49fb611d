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
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** All disks are lost; what S3 has comes back, exactly, as a new history that goes on. */
class TotalLossIT {

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
        Cluster restored = restoredInPlace(lost, newest);
        chains.assertKeptThrough(restored, newest);
        assertItGoesOn(restored, newest, "after/");
        arena.report(
                "%d writes acknowledged, highest S3_HWM shown %d, %d viewed, %d restored",
                chains.acknowledged(), shown, below, newest);
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

    private Cluster restoredInPlace(Cluster lost, long newest) {
        restore(arena.commands(), newest, "--dir", lost.directory().toString());
        return started(arena.commands(), lost.directory(), lost);
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
