package io.tidemark.shipper.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.shipper.cipher.CipherFormat;
import io.tidemark.shipper.cipher.CipherKeys;
import io.tidemark.shipper.store.ObjectStore.ObjectInfo;
import io.tidemark.shipper.store.S3Options.Encryption;
import io.tidemark.shipper.trial.FaultyProxy.Mode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store that enciphers, against a real server. */
class S3EncryptionTest {
    private static final CipherKeys KEYS = CipherKeys.parse("test", "11".repeat(32));
    private static final byte[] PLAIN = new byte[5 * CipherFormat.BLOCK_BYTES + 99];

    static {
        new Random(5).nextBytes(PLAIN);
    }

    @TempDir
    Path directory;

    private S3Fixture s3;
    private S3ObjectStore store;

    @BeforeEach
    void start() {
        s3 = new S3Fixture(directory);
        store = s3.open(s3.throughProxy().withEncryption(new Encryption(KEYS, false)));
    }

    @AfterEach
    void stop() {
        s3.close();
    }

    @Test
    void onlyWhoHasTheKeyReadsAndOthersAreToldWhatIsMissing() throws IOException {
        String secret = "the plan for tomorrow ".repeat(100);
        byte[] bytes = secret.getBytes(StandardCharsets.US_ASCII);
        assertEquals(PutOutcome.CREATED, store.putIfAbsent("k", bytes));

        byte[] there = Files.readAllBytes(directory.resolve("bucket/p/k"));
        assertFalse(new String(there, StandardCharsets.ISO_8859_1).contains("plan"));
        assertEquals(CipherFormat.storedBytes(bytes.length), there.length);
        assertArrayEquals(bytes, store.get("k").orElseThrow());
        assertEquals(
                new ObjectInfo("k", bytes.length, Hashes.sha256Hex(bytes)),
                store.head("k").orElseThrow());
        assertEquals(List.of(new ObjectInfo("k", bytes.length, null)), store.list("", null));
        for (org.junit.jupiter.api.function.Executable read : List.<org.junit.jupiter.api.function.Executable>of(
                () -> s3.direct.get("k"), () -> s3.direct.head("k"), () -> s3.direct.getRange("k", 0, 4))) {
            TidemarkException refused = assertThrows(TidemarkException.class, read);
            assertEquals(ErrorKind.INVALID, refused.kind());
            assertTrue(refused.getMessage().contains("s3-encryption-key-file"), refused.getMessage());
        }
    }

    /** Rule CT8: equal content is equal, though each writer's salt gives other bytes. */
    @Test
    void ct8_equalContentUnderAnotherSaltIsAlreadyOurs() {
        S3ObjectStore other = s3.open(s3.throughProxy().withEncryption(new Encryption(KEYS, false)));
        assertEquals(PutOutcome.CREATED, store.putIfAbsent("k", PLAIN));
        assertEquals(PutOutcome.ALREADY_OURS, other.putIfAbsent("k", PLAIN));
        assertEquals(PutOutcome.FENCED, other.putIfAbsent("k", new byte[] {1}));
        assertArrayEquals(PLAIN, other.get("k").orElseThrow());
    }

    @Test
    void aLostAnswerIsSettledByLooking() {
        s3.proxy.mode(Mode.DROP_PUT_ANSWERS);
        assertEquals(PutOutcome.CREATED, store.putIfAbsent("k", PLAIN));
        assertArrayEquals(PLAIN, store.get("k").orElseThrow());
    }

    @Test
    void aRangeIsOneRequestForTheBlocksAroundIt() {
        store.putIfAbsent("k", PLAIN);
        int block = CipherFormat.BLOCK_BYTES;
        int[][] ranges = {
            {0, 1},
            {0, PLAIN.length},
            {block - 1, 2},
            {block, block},
            {3 * block + 5, 100},
            {5 * block, 99},
            {PLAIN.length - 1, 1}
        };
        for (int[] range : ranges) {
            s3.proxy.forget();
            assertArrayEquals(
                    Arrays.copyOfRange(PLAIN, range[0], range[0] + range[1]),
                    store.getRange("k", range[0], range[1]).orElseThrow(),
                    Arrays.toString(range));
            assertEquals("GET", s3.proxy.methods());
        }
        assertEquals(
                "bytes=" + CipherFormat.storedBytes(5L * block) + "-" + (CipherFormat.storedBytes(6L * block) - 1),
                s3.proxy.lastHeader("GET", "Range"));
        for (int[] past : new int[][] {{PLAIN.length, 1}, {PLAIN.length - 1, 2}, {9 * block, 1}}) {
            assertEquals(
                    ErrorKind.CORRUPT,
                    assertThrows(TidemarkException.class, () -> store.getRange("k", past[0], past[1]))
                            .kind());
        }
    }

    @Test
    void anObjectThatLostItsMetadataInACopyIsStillRead() throws IOException {
        store.putIfAbsent("k", PLAIN);
        byte[] there = Files.readAllBytes(directory.resolve("bucket/p/k"));
        Files.delete(directory.resolve("bucket/p/k"));
        Files.write(directory.resolve("bucket/p/k"), there);

        assertArrayEquals(PLAIN, store.get("k").orElseThrow());
        assertArrayEquals(
                Arrays.copyOfRange(PLAIN, 20_000, 20_100),
                store.getRange("k", 20_000, 100).orElseThrow());
        assertEquals(new ObjectInfo("k", PLAIN.length, null), store.head("k").orElseThrow());
        assertEquals(PutOutcome.ALREADY_OURS, store.putIfAbsent("k", PLAIN));
    }

    @Test
    void anObjectUnderAnotherNameIsRefused() throws IOException {
        store.putIfAbsent("k", PLAIN);
        Files.copy(directory.resolve("bucket/p/k"), directory.resolve("bucket/p/forged"));
        assertEquals(
                ErrorKind.CORRUPT,
                assertThrows(TidemarkException.class, () -> store.get("forged")).kind());
        assertEquals(
                ErrorKind.CORRUPT,
                assertThrows(TidemarkException.class, () -> store.getRange("forged", 0, 10))
                        .kind());
    }

    @Test
    void aPlainObjectIsRefusedUnlessHistoryFromBeforeIsAccepted() {
        s3.direct.putIfAbsent("old", PLAIN);
        for (org.junit.jupiter.api.function.Executable read : List.<org.junit.jupiter.api.function.Executable>of(
                () -> store.get("old"),
                () -> store.getRange("old", 0, 10),
                () -> store.getRange("old", PLAIN.length - 20, 20))) {
            TidemarkException refused = assertThrows(TidemarkException.class, read);
            assertEquals(ErrorKind.CORRUPT, refused.kind());
            assertTrue(refused.getMessage().contains("s3-encryption-accept-plain"), refused.getMessage());
        }
        S3ObjectStore both = s3.open(s3.throughProxy().withEncryption(new Encryption(KEYS, true)));
        s3.direct.putIfAbsent("small", new byte[] {1, 2, 3});
        assertArrayEquals(new byte[] {2, 3}, both.getRange("small", 1, 2).orElseThrow());
        both.putIfAbsent("new", PLAIN);
        for (String key : List.of("old", "new")) {
            assertArrayEquals(PLAIN, both.get(key).orElseThrow());
            assertArrayEquals(
                    Arrays.copyOfRange(PLAIN, 7, 27), both.getRange(key, 7, 20).orElseThrow());
            // an encrypted object has these bytes further on, where a plain one may have ended
            assertArrayEquals(
                    Arrays.copyOfRange(PLAIN, PLAIN.length - 20, PLAIN.length),
                    both.getRange(key, PLAIN.length - 20, 20).orElseThrow());
            assertEquals(
                    ErrorKind.CORRUPT,
                    assertThrows(TidemarkException.class, () -> both.getRange(key, PLAIN.length, 1))
                            .kind());
            assertEquals(PLAIN.length, both.head(key).orElseThrow().bytes());
            assertEquals(PutOutcome.ALREADY_OURS, both.putIfAbsent(key, PLAIN));
        }
        assertEquals(-1, both.list("", null).get(0).bytes());
        assertNull(both.list("", null).get(0).sha256());
    }

    @Test
    void inPartsToo() {
        S3ObjectStore parts = s3.open(s3.throughProxy()
                .withEncryption(new Encryption(KEYS, false))
                .withTransfer(new S3Transfer(8, S3Transfer.PART_BYTES_MIN, S3Transfer.PART_BYTES_MIN, 3, 0, 0, 24)));
        byte[] large = new byte[S3Transfer.PART_BYTES_MIN + 50_000];
        new Random(1).nextBytes(large);
        assertEquals(PutOutcome.CREATED, parts.putIfAbsent("large", large));
        assertArrayEquals(large, store.get("large").orElseThrow());
        assertArrayEquals(
                Arrays.copyOfRange(large, 5_250_000, 5_280_000),
                store.getRange("large", 5_250_000, 30_000).orElseThrow());
    }
}
