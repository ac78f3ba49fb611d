package io.tidemark.shipper.trial;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.shipper.store.Hashes;
import io.tidemark.shipper.store.ObjectStore.ObjectInfo;
import io.tidemark.shipper.store.PutOutcome;
import io.tidemark.shipper.store.S3ObjectStore;
import io.tidemark.shipper.store.S3Options;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrialS3EndpointTest {
    @TempDir
    Path directory;

    static S3ObjectStore open(TrialS3Endpoint endpoint, String prefix) {
        S3Options options = S3Options.of(endpoint.endpoint(), "trial", prefix)
                .withCredentials(TrialS3Endpoint.CREDENTIALS)
                .withTimeouts(5_000, 10_000, 20_000);
        return S3ObjectStore.open(options, new MetricRegistry());
    }

    @Test
    void whatAKilledServerDidNotFinishIsNoObject() throws IOException {
        Path folder = Files.createDirectories(directory.resolve("trial/p/h/log"));
        Files.writeString(folder.resolve("1.seg-75c09708-73f7-480b-b07e-5dac33c2c310"), "half");
        Files.writeString(folder.resolve("2.seg"), "whole");
        try (TrialS3Endpoint endpoint = new TrialS3Endpoint(0, directory).start();
                S3ObjectStore store = open(endpoint, "p")) {
            assertEquals(
                    List.of("h/log/2.seg"),
                    store.list("h/log/", null).stream().map(ObjectInfo::key).toList());
        }
    }

    @Test
    void anObjectIsCreatedOnceAndReadBackAndListed() {
        try (TrialS3Endpoint endpoint = new TrialS3Endpoint(0, directory).start();
                S3ObjectStore store = open(endpoint, "a/b")) {
            store.createBucketIfAbsent();
            store.createBucketIfAbsent();
            byte[] first = "first".getBytes(StandardCharsets.UTF_8);
            byte[] other = "other".getBytes(StandardCharsets.UTF_8);

            assertEquals(PutOutcome.CREATED, store.putIfAbsent("h/log/1", first));
            assertEquals(PutOutcome.ALREADY_OURS, store.putIfAbsent("h/log/1", first));
            assertEquals(PutOutcome.FENCED, store.putIfAbsent("h/log/1", other));
            assertEquals(PutOutcome.CREATED, store.putIfAbsent("h/log/2", other));
            assertEquals(PutOutcome.CREATED, store.putIfAbsent("h/log/3", new byte[0]));
            assertEquals(PutOutcome.CREATED, store.putIfAbsent("g/x", other));

            assertArrayEquals(first, store.get("h/log/1").orElseThrow());
            assertEquals(0, store.get("h/log/3").orElseThrow().length);
            assertEquals(Optional.empty(), store.get("h/log/9"));
            assertEquals(Optional.empty(), store.head("h/log/9"));
            assertEquals(
                    new ObjectInfo("h/log/1", 5, Hashes.sha256Hex(first)),
                    store.head("h/log/1").orElseThrow());
            assertEquals(
                    List.of("h/log/1", "h/log/2", "h/log/3"),
                    store.list("h/log/", null).stream().map(ObjectInfo::key).toList());
            assertEquals(
                    List.of("h/log/2", "h/log/3"),
                    store.list("h/log/", "h/log/1").stream()
                            .map(ObjectInfo::key)
                            .toList());
            assertEquals(List.of("conditions", "g", "h"), store.folders(""));
            assertEquals(List.of("log"), store.folders("h/"));
        }
    }

    @Test
    void objectsSurviveARestartOfTheEndpointOnItsPort() {
        byte[] bytes = {1, 2, 3};
        int port;
        try (TrialS3Endpoint endpoint = new TrialS3Endpoint(0, directory).start();
                S3ObjectStore store = open(endpoint, "")) {
            port = endpoint.port();
            store.createBucketIfAbsent();
            store.putIfAbsent("k", bytes);
        }
        try (TrialS3Endpoint endpoint = new TrialS3Endpoint(port, directory).start();
                S3ObjectStore store = open(endpoint, "")) {
            assertArrayEquals(bytes, store.get("k").orElseThrow());
            TidemarkException taken =
                    assertThrows(TidemarkException.class, () -> new TrialS3Endpoint(port, directory).start());
            assertEquals(ErrorKind.UNAVAILABLE, taken.kind());
        }
    }

    @Test
    void aMissingBucketAndWrongCredentialsSayWhatToDo() {
        try (TrialS3Endpoint endpoint = new TrialS3Endpoint(0, directory).start();
                S3ObjectStore store = open(endpoint, "")) {
            TidemarkException missing =
                    assertThrows(TidemarkException.class, () -> store.putIfAbsent("k", new byte[] {1}));
            assertEquals(ErrorKind.UNAVAILABLE, missing.kind());
            assertTrue(missing.getMessage().contains("create the bucket"), missing.getMessage());

            S3Options wrong = S3Options.of(endpoint.endpoint(), "trial", "")
                    .withCredentials(new S3Options.Credentials("tidemark", "guess"));
            try (S3ObjectStore stranger = S3ObjectStore.open(wrong, new MetricRegistry())) {
                TidemarkException denied = assertThrows(TidemarkException.class, () -> stranger.list("", null));
                assertEquals(ErrorKind.UNAVAILABLE, denied.kind());
                assertTrue(denied.getMessage().contains("credentials"), denied.getMessage());
            }
        }
    }
}
