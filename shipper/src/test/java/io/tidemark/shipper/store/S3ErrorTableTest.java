package io.tidemark.shipper.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.shipper.store.S3ErrorTable.Answer;
import io.tidemark.shipper.store.S3ErrorTable.Meaning;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each row of the table, said by a server to the real client: what the store does then. */
class S3ErrorTableTest {
    private static final byte[] BYTES = {1, 2, 3};

    /** The status under which a code is seen, where the row takes any. */
    private static final Map<String, Integer> STATUS = Map.of(
            "SlowDown",
            503,
            "ServiceUnavailable",
            503,
            "InternalError",
            500,
            "InvalidAccessKeyId",
            403,
            "SignatureDoesNotMatch",
            403,
            "*",
            418);

    @TempDir
    static Path directory;

    private static S3Fixture s3;
    private static S3ObjectStore store;
    private static int keys;

    @BeforeAll
    static void start() {
        s3 = new S3Fixture(directory);
        store = s3.open(s3.throughProxy());
    }

    @AfterAll
    static void stop() {
        s3.close();
    }

    @BeforeEach
    void forget() {
        s3.proxy.forget();
    }

    static Stream<Answer> rows() {
        return S3ErrorTable.ANSWERS.stream();
    }

    private static void answerAs(Answer row, String method) {
        int status = row.status() == 0 ? STATUS.getOrDefault(row.code(), 400) : row.status();
        String code = row.code().equals("*") ? "SaidByNoRow" : row.code();
        s3.proxy.answerNext(method, status, code);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void aPutIsSentAgainSettledByLookingOrRefused(Answer row) {
        String key = "put-" + keys++;
        answerAs(row, "PUT");

        if (row.meaning() == Meaning.REFUSED || row.meaning() == Meaning.MISSING) {
            refusal(row, assertThrows(TidemarkException.class, () -> store.putIfAbsent(key, BYTES)));
            assertEquals("PUT", s3.proxy.methods());
            assertTrue(s3.direct.head(key).isEmpty());
            return;
        }
        assertEquals(PutOutcome.CREATED, store.putIfAbsent(key, BYTES));
        boolean looks = row.meaning() == Meaning.UNCLEAR || row.meaning() == Meaning.TAKEN;
        assertEquals(looks ? "PUT HEAD PUT" : "PUT PUT", s3.proxy.methods());
        assertArrayEquals(BYTES, s3.direct.get(key).orElseThrow());
    }

    @ParameterizedTest
    @MethodSource("rows")
    void aReadIsAskedAgainEmptyOrRefused(Answer row) {
        String key = "get-" + keys++;
        s3.direct.putIfAbsent(key, BYTES);
        answerAs(row, "GET");

        switch (row.meaning()) {
            case MISSING -> assertTrue(store.get(key).isEmpty());
            case REFUSED -> refusal(row, assertThrows(TidemarkException.class, () -> store.get(key)));
            case TAKEN, RACED, BUSY, UNCLEAR -> {
                assertArrayEquals(BYTES, store.get(key).orElseThrow());
                assertEquals("GET GET", s3.proxy.methods());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void aDeleteIsSentAgainDoneAlreadyOrRefused(Answer row) {
        String key = "delete-" + keys++;
        s3.direct.putIfAbsent(key, BYTES);
        answerAs(row, "DELETE");

        switch (row.meaning()) {
            case MISSING -> {
                store.delete(key);
                assertEquals("DELETE", s3.proxy.methods());
            }
            case REFUSED -> {
                refusal(row, assertThrows(TidemarkException.class, () -> store.delete(key)));
                assertTrue(s3.direct.head(key).isPresent());
            }
            case TAKEN, RACED, BUSY, UNCLEAR -> {
                store.delete(key);
                assertEquals("DELETE DELETE", s3.proxy.methods());
                assertTrue(s3.direct.head(key).isEmpty());
            }
        }
    }

    private static void refusal(Answer row, TidemarkException refused) {
        assertEquals(ErrorKind.UNAVAILABLE, refused.kind());
        assertTrue(refused.getMessage().contains(row.advice()), refused.getMessage());
        assertTrue(refused.getMessage().contains("s3-") || refused.getMessage().contains("failed: "));
    }

    @Test
    void anAnswerOf200WithAnErrorInItsBodyIsAnError() {
        String body =
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>InternalError</Code><Message>late</Message>"
                        + "</Error>";
        S3Options options = s3.throughProxy()
                .withTransfer(new S3Transfer(16, S3Transfer.PART_BYTES_MIN, S3Transfer.PART_BYTES_MIN, 2, 0, 0, 24));
        s3.open(options).putIfAbsent("first-of-its-kind", new byte[S3Transfer.PART_BYTES_MIN]);
        s3.proxy.forget();
        s3.proxy.answerNext("POST", 200, "Content-Type: application/xml\r\n", body, body.length());

        // the first POST begins the upload: its answer names none
        assertEquals(PutOutcome.CREATED, s3.open(options).putIfAbsent("with-200", new byte[S3Transfer.PART_BYTES_MIN]));
    }

    @Test
    void aBodyThatEndsTooSoonIsAskedForAgain() {
        s3.direct.putIfAbsent("cut", BYTES);
        s3.proxy.answerNext("GET", 200, "", "ab", 3);

        assertArrayEquals(BYTES, store.get("cut").orElseThrow());
        assertEquals("GET GET", s3.proxy.methods());
    }

    @Test
    void aBodyThatWasDamagedOnItsWayIsAskedForAgain() {
        s3.direct.putIfAbsent("damaged", BYTES);
        s3.proxy.answerNext("GET", 200, "x-amz-meta-tidemark-sha256: " + Hashes.sha256Hex(BYTES) + "\r\n", "xyz", 3);

        assertArrayEquals(BYTES, store.get("damaged").orElseThrow());
        assertEquals("GET GET", s3.proxy.methods());
    }

    /** Hazard: RequestTimeTooSkewed. The server's date is learned from its answer, and the next try is signed by it. */
    @Test
    void aMachineWhoseClockIsWrongSignsByTheServersClock() {
        String body = "<Error><Code>RequestTimeTooSkewed</Code><Message>too far</Message></Error>";
        s3.proxy.answerNext(
                "PUT",
                403,
                "Content-Type: application/xml\r\nDate: Fri, 01 Jan 2038 10:00:00 GMT\r\n",
                body,
                body.length());
        s3.proxy.answerNext("PUT", 200, "ETag: \"e\"\r\n", "", 0);

        try (S3ObjectStore wrong = S3ObjectStore.open(s3.throughProxy(), s3.metrics)) {
            assertEquals(PutOutcome.CREATED, wrong.putIfAbsent("skewed", BYTES));
        }
        String date = s3.proxy.lastHeader("PUT", "x-amz-date");
        assertTrue(date.startsWith("20380101T10"), date);
    }

    @Test
    void theDocumentationHasEveryRowInItsOrder() throws IOException {
        List<String> expected = new ArrayList<>();
        for (Answer row : S3ErrorTable.ANSWERS) {
            expected.add("| " + (row.status() == 0 ? "any" : row.status()) + " | "
                    + (row.code().equals("*") ? "any" : "`" + row.code() + "`") + " | " + row.meaning() + " |");
        }
        for (S3ErrorTable.NoAnswer row : S3ErrorTable.NO_ANSWERS) {
            expected.add("| `" + row.exception() + "`" + (row.words().isEmpty() ? "" : " about " + row.words()) + " | "
                    + row.meaning() + " |");
        }
        List<String> written = Files.readAllLines(Path.of("..", "docs", "s3.md"));
        List<String> found = written.stream()
                .filter(l -> Stream.of(Meaning.values()).anyMatch(m -> l.endsWith(" | " + m + " |")))
                .toList();
        assertEquals(String.join("\n", expected), String.join("\n", found));
    }
}
