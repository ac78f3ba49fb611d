package io.tidemark.daemon.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterFileTest {
    private static final String CLUSTER = "00000000-0000-0001-0000-000000000001";
    private static final String HISTORY = "00000000-0000-0001-0000-000000000002";

    @TempDir
    private Path dir;

    @Test
    void whatWasWrittenIsRead() {
        ClusterFile cluster = new ClusterFile(CLUSTER, HISTORY, Formation.trialS3(9000), nodes());
        cluster.write(dir.resolve("cluster.json"));
        assertEquals(cluster, ClusterFile.read(dir.resolve("cluster.json")));
    }

    @Test
    void theWrittenFormIsTheOneOfTheGoldenFile() throws IOException {
        new ClusterFile(CLUSTER, HISTORY, Formation.trialS3(9000), nodes()).write(dir.resolve("cluster.json"));
        assertEquals(golden("cluster-v1.json"), Files.readString(dir.resolve("cluster.json")));
        IdentityFile.founder(ClusterFile.read(dir.resolve("cluster.json")), "n2")
                .write(dir.resolve("identity.json"));
        assertEquals(golden("identity-v1.json"), Files.readString(dir.resolve("identity.json")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "null", "{}", "{\"cluster\":1}", "not json at all", "{} {}"})
    void aDamagedFileIsRefusedByName(String content) throws IOException {
        Path file = Files.writeString(dir.resolve("cluster.json"), content);
        TidemarkException refusal = assertThrows(TidemarkException.class, () -> ClusterFile.read(file));
        assertEquals(ErrorKind.CORRUPT, refusal.kind(), refusal.getMessage());
        assertTrue(refusal.getMessage().contains(file.toString()), refusal.getMessage());
        assertEquals(content, Files.readString(file));
    }

    @Test
    void twoNodesOfOneNameOrAddressAreRefused() {
        NodeAddress one = new NodeAddress("n1", "127.0.0.1:1", "127.0.0.1:2");
        for (NodeAddress other : List.of(
                new NodeAddress("n1", "127.0.0.1:3", "127.0.0.1:4"),
                new NodeAddress("n2", "127.0.0.1:1", "127.0.0.1:4"),
                new NodeAddress("n2", "127.0.0.1:3", "127.0.0.1:1"))) {
            assertThrows(
                    TidemarkException.class,
                    () -> new ClusterFile(CLUSTER, HISTORY, Formation.trialS3(9000), List.of(one, other)));
        }
    }

    @Test
    void formationWritesEverythingAndNeverOverSomethingElse() throws IOException {
        ClusterDirectory directory = new ClusterDirectory(dir.resolve("c"));
        ClusterFile formed = new Formation(directory, UUID::randomUUID).form(Formation.trialS3(9000), nodes());
        assertEquals(formed, directory.cluster());
        assertEquals(List.of(), directory.lostNodes(formed));
        IdentityFile n2 = IdentityFile.read(directory.identity("n2"), formed, "n2");
        assertEquals("n2-1", n2.peerId());
        assertEquals(formed.history(), n2.group());
        assertThrows(
                TidemarkException.class,
                () -> new Formation(directory, UUID::randomUUID).form(Formation.trialS3(9001), nodes()));
        assertEquals(formed, directory.cluster());

        Path strange = Files.createDirectories(dir.resolve("photos"));
        Files.writeString(strange.resolve("holiday.jpg"), "x");
        TidemarkException refusal =
                assertThrows(TidemarkException.class, () -> new ClusterDirectory(strange).requireFree());
        assertTrue(refusal.getMessage().contains("holiday.jpg"), refusal.getMessage());
    }

    @Test
    void theDirectoryOfAnotherClusterIsRefused() {
        ClusterDirectory directory = new ClusterDirectory(dir);
        ClusterFile formed = new Formation(directory, UUID::randomUUID).form(Formation.trialS3(9000), nodes());
        ClusterFile other = new ClusterFile(CLUSTER, HISTORY, formed.s3(), formed.nodes());
        TidemarkException refusal =
                assertThrows(TidemarkException.class, () -> IdentityFile.read(directory.identity("n1"), other, "n1"));
        assertTrue(refusal.getMessage().contains("another cluster"), refusal.getMessage());
        assertThrows(TidemarkException.class, () -> IdentityFile.read(directory.identity("n1"), formed, "n2"));
    }

    @ParameterizedTest
    @CsvSource({
        "s3://bucket/a/b, bucket, a/b",
        "s3://bucket, bucket, ''",
        "s3://bucket/, bucket, ''",
        "s3://bucket/a/, bucket, a",
    })
    void s3LocationsAreRead(String url, String bucket, String prefix) {
        S3Location location = S3Location.parse(url, null);
        assertEquals(bucket, location.bucket());
        assertEquals(prefix, location.prefix());
    }

    @ParameterizedTest
    @ValueSource(strings = {"bucket/a", "http://bucket", "s3://", "s3:///a", "s3://B/x", "s3://bucket/a//b"})
    void whatIsNoS3LocationIsRefused(String url) {
        TidemarkException refusal = assertThrows(TidemarkException.class, () -> S3Location.parse(url, null));
        assertEquals(ErrorKind.INVALID, refusal.kind());
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "ftp://h", "http://", "http:", "a b"})
    void whatIsNoEndpointIsRefused(String endpoint) {
        assertThrows(TidemarkException.class, () -> S3Location.parse("s3://bucket/p", endpoint));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "h", ":1", "h:", "h:0", "h:65536", "h:x", "::1:5", "http://h:1", "h:-1"})
    void whatIsNoAddressIsRefused(String text) {
        assertThrows(TidemarkException.class, () -> HostPort.parse(text));
    }

    @Test
    void addressesAreRead() {
        assertEquals(new HostPort("127.0.0.1", 80), HostPort.parse("127.0.0.1:80"));
        assertEquals(new HostPort("[::1]", 80), HostPort.parse("[::1]:80"));
        assertEquals(80, HostPort.parse("[::1]:80").socketAddress().getPort());
        assertEquals(2, HostPort.parseList("a:1, b:2").size());
    }

    private static List<NodeAddress> nodes() {
        return Formation.loopback(List.of(8101, 8102, 8103), List.of(8201, 8202, 8203));
    }

    private static String golden(String name) throws IOException {
        try (var in = ClusterFileTest.class.getResourceAsStream("/golden/" + name)) {
            return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        }
    }

    @Test
    void aNodeThatMovedIsFoundByEachOfItsEarlierAddresses() throws IOException {
        Path file = dir.resolve("moved.json");
        S3Location s3 = new S3Location(null, "bucket", "p", false);
        ClusterFile made = new ClusterFile(
                UUID.randomUUID().toString(),
                UUID.randomUUID().toString(),
                s3,
                List.of(new NodeAddress("n1", "h:1", "h:2"), new NodeAddress("n2", "h:3", "h:4")));
        made.write(file);
        AddressBook book = new AddressBook(file, made, new AtomicLong()::incrementAndGet);
        assertEquals("h:4", book.apply("h:4"));

        ClusterFile moved = made.moved(new NodeAddress("n2", "k:5", "k:6")).moved(new NodeAddress("n2", "l:7", "l:8"));
        moved.write(file);
        assertEquals(moved, ClusterFile.read(file));
        AtomicLong nanos = new AtomicLong();
        AddressBook reads = new AddressBook(file, made, nanos::get);
        assertEquals("h:4", reads.apply("h:4"), "it looks twice a second at most");
        nanos.set(500_000_000);
        for (String raft : List.of("h:4", "k:6", "l:8")) {
            assertEquals("l:8", reads.apply(raft));
        }
        assertEquals("l:7", reads.apply("h:3"));
        assertEquals("h:1", reads.apply("h:1"));
        assertEquals("stranger:9", reads.apply("stranger:9"));
    }

    /** The log knows the one that left by its old address until its configuration changes. */
    @Test
    void noNodeMovesToWhereAnotherHasBeen() {
        ClusterFile made = new ClusterFile(
                UUID.randomUUID().toString(),
                UUID.randomUUID().toString(),
                new S3Location(null, "bucket", "p", false),
                List.of(new NodeAddress("n1", "h:1", "h:2"), new NodeAddress("n2", "h:3", "h:4")));
        ClusterFile moved = made.moved(new NodeAddress("n2", "k:5", "k:6"));
        for (NodeAddress taken : List.of(new NodeAddress("n1", "h:3", "h:9"), new NodeAddress("n1", "h:9", "h:4"))) {
            TidemarkException refused = assertThrows(TidemarkException.class, () -> moved.moved(taken));
            assertEquals(ErrorKind.INVALID, refused.kind());
            assertTrue(refused.getMessage().contains("n2 has listened at"), refused.getMessage());
        }
        ClusterFile back = moved.moved(new NodeAddress("n2", "h:3", "h:4"));
        assertEquals("h:4", back.now("k:6"));
        assertEquals("h:4", back.now("h:4"));
    }
}
