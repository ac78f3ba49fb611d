package io.tidemark.jepsen.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InvariantWatchTest {

    @Test
    void aMarkThatS3DoesNotCoverIsEarly(@TempDir Path data) throws IOException {
        segment(data, 0, 9);
        segment(data, 11, 20);
        try (InvariantWatch watch = watch(data, 20)) {
            Waiting.until("two polls", Duration.ofSeconds(20), watch::polls, n -> n >= 2);
            AssertionError error = assertThrows(AssertionError.class, watch::check);
            assertTrue(error.getMessage().contains("only through 9"), error.getMessage());
        }
    }

    @Test
    void coveredMarksAreFine(@TempDir Path data) throws IOException {
        segment(data, 0, 9);
        segment(data, 10, 12);
        segment(data, 10, 20);
        segment(data, 18, 25);
        try (InvariantWatch watch = watch(data, 20)) {
            Waiting.until("two polls", Duration.ofSeconds(20), watch::polls, n -> n >= 2);
            watch.check();
            assertEquals(20, watch.highestShipped());
            assertEquals(25, new ShippedObjects(data, "h").coveredThrough());
        }
    }

    @Test
    void anotherHistoryCoversNothing(@TempDir Path data) throws IOException {
        segment(data, 0, 9);
        assertEquals(-1, new ShippedObjects(data, "other").coveredThrough());
    }

    @Test
    void whatIsBelowTheFloorOfTheNewestManifestMayBeGone(@TempDir Path data) throws IOException {
        segment(data, 10, 20);
        manifest(data, 15, 0, "{\"floor\":-1}");
        assertEquals(-1, new ShippedObjects(data, "h").coveredThrough());
        manifest(data, 15, 1, "{\"floor\":9}");
        assertEquals(20, new ShippedObjects(data, "h").coveredThrough());
        assertEquals(15, new ShippedObjects(data, "h").newestManifest());
    }

    @Test
    void aForkIsCoveredByItsParentUpToWhereItBegan(@TempDir Path data) throws IOException {
        segment(data, 0, 9);
        Path child = Files.createDirectories(data.resolve("bucket/prefix/child/log"));
        Path origin = child.resolveSibling("history.json");
        Files.writeString(origin, "{\"history\":\"child\",\"parent\":\"h\",\"fork\":7}");
        assertEquals(7, new ShippedObjects(data, "child").coveredThrough());
        Files.write(child.resolve(String.format("%020d-%020d.seg", 8, 12)), new byte[] {1});
        assertEquals(12, new ShippedObjects(data, "child").coveredThrough());
        Files.writeString(origin, "{\"history\":\"child\",\"parent\":\"h\",\"fork\":11}");
        assertEquals(12, new ShippedObjects(data, "child").coveredThrough());
        Files.delete(child.resolve(String.format("%020d-%020d.seg", 8, 12)));
        assertEquals(9, new ShippedObjects(data, "child").coveredThrough(), "the parent itself ends before the fork");
    }

    private static InvariantWatch watch(Path data, long shipped) {
        NodeStatus status = new NodeStatus(
                "c", "h", "n1", 1, 100, "LEADER", 3, "n1", 30, 30, 30, shipped, 0, 0, 30, "00", 0, 0, 7, null);
        return new InvariantWatch(List.of("n1"), name -> status, () -> new ShippedObjects(data, "h"));
    }

    private static void manifest(Path data, long mark, long n, String json) throws IOException {
        Path manifests = Files.createDirectories(data.resolve("bucket/prefix/h/manifest"));
        Files.writeString(manifests.resolve(String.format("%020d-%020d.json", mark, n)), json);
    }

    private static void segment(Path data, long first, long last) throws IOException {
        Path log = Files.createDirectories(data.resolve("bucket/prefix/h/log"));
        Files.write(log.resolve(String.format("%020d-%020d.seg", first, last)), new byte[] {1});
    }
}
