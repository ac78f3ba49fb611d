package io.tidemark.shipper.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.error.TidemarkException;
import io.tidemark.shipper.store.S3Protection.Checksum;
import io.tidemark.shipper.store.S3Protection.Sse;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Objects that go in parts. */
class S3PartsTest {
    private static final int PART = S3Transfer.PART_BYTES_MIN;
    private static final byte[] LARGE = new byte[2 * PART + 12_345];

    static {
        new Random(3).nextBytes(LARGE);
    }

    @TempDir
    Path directory;

    private S3Fixture s3;
    private S3ObjectStore store;

    @BeforeEach
    void start() {
        s3 = new S3Fixture(directory);
        store = s3.open(parts(Checksum.MD5));
    }

    private S3Options parts(Checksum checksum) {
        return s3.throughProxy()
                .withTransfer(new S3Transfer(8, PART, PART, 3, 0, 0, 24))
                .withProtection(new S3Protection(checksum, Sse.BUCKET, null, false));
    }

    @AfterEach
    void stop() {
        s3.close();
    }

    @ParameterizedTest
    @EnumSource(Checksum.class)
    void aLargeObjectGoesInPartsAndIsThereWhole(Checksum checksum) {
        S3ObjectStore other = s3.open(parts(checksum));
        assertEquals(PutOutcome.CREATED, other.putIfAbsent("large", LARGE));

        assertEquals(3, count("PUT ", "partNumber="));
        assertArrayEquals(LARGE, s3.direct.get("large").orElseThrow());
        assertEquals(
                Hashes.sha256Hex(LARGE), s3.direct.head("large").orElseThrow().sha256());
        assertEquals("*", s3.proxy.lastHeader("POST", "If-None-Match"));
    }

    private long count(String begin, String part) {
        return s3.proxy.requests().stream()
                .filter(r -> r.startsWith(begin) && r.contains(part))
                .count();
    }

    @Test
    void aPartWhoseAnswerIsLostIsSentAgain() {
        s3.proxy.answerNext("PUT", 500, "InternalError");
        assertEquals(PutOutcome.CREATED, store.putIfAbsent("large", LARGE));

        assertEquals(4, count("PUT ", "partNumber="));
        assertArrayEquals(LARGE, s3.direct.get("large").orElseThrow());
    }

    @Test
    void aLostAnswerToTheEndIsSettledByLookingAtTheObject() {
        s3.proxy.loseAnswerOf("POST", "uploadId=");
        assertEquals(PutOutcome.CREATED, store.putIfAbsent("large", LARGE));

        assertEquals(1, s3.count("s3.unclear-puts"));
        assertEquals(3, count("PUT ", "partNumber="));
        assertArrayEquals(LARGE, s3.direct.get("large").orElseThrow());
    }

    /** Hazard: 409 ConditionalRequestConflict at the end of an upload; it has to be begun anew. */
    @Test
    void anEndThatRacedBeginsTheUploadAnew() {
        s3.proxy.answerNext("POST", 409, "ConditionalRequestConflict");
        assertEquals(PutOutcome.CREATED, store.putIfAbsent("large", LARGE));
        assertArrayEquals(LARGE, s3.direct.get("large").orElseThrow());
    }

    @Test
    void equalBytesOfAnotherWriterAreAlreadyOursAndOtherOnesFence() {
        byte[] other = LARGE.clone();
        other[PART]++;
        s3.direct.putIfAbsent("equal", LARGE);
        s3.direct.putIfAbsent("other", other);

        assertEquals(PutOutcome.ALREADY_OURS, store.putIfAbsent("equal", LARGE));
        assertEquals(PutOutcome.FENCED, store.putIfAbsent("other", LARGE));
        assertArrayEquals(other, s3.direct.get("other").orElseThrow());
    }

    @Test
    void anUploadThatFailsIsGivenUp() {
        s3.proxy.answerNext("PUT", 403, "AccessDenied");
        assertThrows(TidemarkException.class, () -> store.putIfAbsent("large", LARGE));

        assertEquals(1, count("DELETE ", "uploadId="));
        assertTrue(s3.direct.head("large").isEmpty());
    }

    @Test
    void uploadsThatNobodyCompletedAreGivenUpAfterADayByTheServersClock() {
        String list = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><ListMultipartUploadsResult>"
                + "<Bucket>bucket</Bucket><IsTruncated>false</IsTruncated>"
                + upload("p/old", "u1", "2026-01-01T11:59:59.000Z")
                + upload("p/young", "u2", "2026-01-01T12:00:01.000Z")
                + "</ListMultipartUploadsResult>";
        s3.proxy.answerNext(
                "GET",
                200,
                "Content-Type: application/xml\r\nDate: Fri, 02 Jan 2026 12:00:00 GMT\r\n",
                list,
                list.length());
        store.putIfAbsent("large", LARGE);
        store.putIfAbsent("larger", LARGE);

        List<String> deleted = s3.proxy.requests().stream()
                .filter(r -> r.startsWith("DELETE "))
                .toList();
        assertEquals(List.of("DELETE /bucket/p/old?uploadId=u1"), deleted);
        assertEquals(1, count("GET ", "uploads"), "once an hour");
        assertFalse(s3.proxy.requests().toString().contains("u2"));
    }

    private static String upload(String key, String id, String initiated) {
        return "<Upload><Key>" + key + "</Key><UploadId>" + id + "</UploadId><Initiated>" + initiated
                + "</Initiated></Upload>";
    }
}
