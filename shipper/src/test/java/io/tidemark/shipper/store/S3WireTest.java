package io.tidemark.shipper.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.shipper.store.S3Protection.Checksum;
import io.tidemark.shipper.store.S3Protection.Sse;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.s3.S3Client;

/** What the options put on the wire. */
class S3WireTest {
    private static final byte[] BYTES = {1, 2, 3, 4};

    @TempDir
    Path directory;

    private S3Fixture s3;

    @BeforeEach
    void start() {
        s3 = new S3Fixture(directory);
    }

    @AfterEach
    void stop() {
        s3.close();
    }

    @Test
    void theRegionIsSignedAndTheBucketStandsInThePath() {
        S3ObjectStore store = s3.open(s3.throughProxy().withPlace("eu-central-1", true));
        assertEquals(PutOutcome.CREATED, store.putIfAbsent("k", BYTES));

        String signature = s3.proxy.lastHeader("PUT", "Authorization");
        assertTrue(signature.contains("/eu-central-1/s3/aws4_request"), signature);
        assertTrue(signature.contains("if-none-match"), signature);
        assertEquals(List.of("PUT /bucket/p/k"), s3.proxy.requests());
        assertEquals("*", s3.proxy.lastHeader("PUT", "If-None-Match"));
    }

    @ParameterizedTest
    @CsvSource({
        "http://localhost:9000, true, http://localhost:9000/bucket/p/k",
        "http://localhost:9000, false, http://bucket.localhost:9000/p/k",
        ", true, https://s3.eu-west-1.amazonaws.com/bucket/p/k",
        ", false, https://bucket.s3.eu-west-1.amazonaws.com/p/k"
    })
    void placesAreWhereTheStyleSays(URI endpoint, boolean pathStyle, String expected) {
        S3Options options = S3Options.of(endpoint, "bucket", "p").withPlace("eu-west-1", pathStyle);
        try (S3Client client = S3Connection.open(options)) {
            String url = client.utilities()
                    .getUrl(b -> b.bucket("bucket").key(options.place().keyInBucket("k")))
                    .toString();
            assertEquals(expected, url);
        }
    }

    @ParameterizedTest
    @EnumSource(Checksum.class)
    void everyBodyGoesWithItsChecksumAndTheServerTakesIt(Checksum kind) {
        S3ObjectStore store =
                s3.open(s3.throughProxy().withProtection(new S3Protection(kind, Sse.BUCKET, null, false)));
        assertEquals(PutOutcome.CREATED, store.putIfAbsent("k", BYTES));

        String header = switch (kind) {
            case MD5 -> "Content-MD5";
            case CRC32C -> "x-amz-checksum-crc32c";
            case SHA256 -> "x-amz-checksum-sha256";
        };
        assertEquals(S3Uploads.checksum(kind, BYTES), s3.proxy.lastHeader("PUT", header));
        assertArrayEquals(BYTES, s3.direct.get("k").orElseThrow());
    }

    /** Known values: of "123456789" in the catalogue of CRCs, RFC 1321 and FIPS 180. */
    @Test
    void checksumsAreTheKnownOnes() {
        byte[] digits = "123456789".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        assertEquals("4waSgw==", S3Uploads.checksum(Checksum.CRC32C, digits));
        assertEquals("JfnnlDI7RTiF9RgfG2JNCw==", S3Uploads.checksum(Checksum.MD5, digits));
        assertEquals("FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU=", S3Uploads.checksum(Checksum.SHA256, digits));
    }

    @ParameterizedTest
    @CsvSource({
        "BUCKET, , , ",
        "AES256, , AES256, ",
        "KMS, , aws:kms, ",
        "KMS, arn:aws:kms:eu-central-1:1:key/a, aws:kms, arn:aws:kms:eu-central-1:1:key/a",
        "KMS_DSSE, alias/history, aws:kms:dsse, alias/history"
    })
    void encryptionAtRestIsAskedForWithEachObject(Sse sse, String key, String algorithm, String keyHeader) {
        S3ObjectStore store =
                s3.open(s3.throughProxy().withProtection(new S3Protection(Checksum.MD5, sse, key, false)));
        s3.proxy.answerNext("PUT", 200, "ETag: \"e\"\r\n", "", 0);
        assertEquals(PutOutcome.CREATED, store.putIfAbsent("k", BYTES));

        assertEquals(algorithm, s3.proxy.lastHeader("PUT", "x-amz-server-side-encryption"));
        assertEquals(keyHeader, s3.proxy.lastHeader("PUT", "x-amz-server-side-encryption-aws-kms-key-id"));
    }

    @Test
    void readsAskForNoMoreThanTheirRange() {
        s3.direct.putIfAbsent("k", "0123456789".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        S3ObjectStore store = s3.open(s3.throughProxy());

        assertArrayEquals(new byte[] {'3', '4', '5'}, store.getRange("k", 3, 3).orElseThrow());
        assertEquals("bytes=3-5", s3.proxy.lastHeader("GET", "Range"));
        assertNull(s3.proxy.lastHeader("GET", "x-amz-server-side-encryption"));
        assertTrue(store.getRange("none", 0, 1).isEmpty());
    }

    @Test
    void requestsAndBytesAreCounted() {
        S3ObjectStore store = s3.open(s3.throughProxy());
        store.putIfAbsent("k", BYTES);
        store.get("k");
        store.get("none");
        store.getRange("k", 1, 2);
        store.head("k");
        store.list("", null);

        assertEquals(1, s3.count("s3.requests.put"));
        assertEquals(3, s3.count("s3.requests.get"));
        assertEquals(1, s3.count("s3.requests.head"));
        assertEquals(1, s3.count("s3.requests.list"));
        assertEquals(BYTES.length, s3.count("s3.bytes-sent"));
        assertEquals(BYTES.length + 2, s3.count("s3.bytes-received"));
    }
}
