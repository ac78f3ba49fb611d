package io.tidemark.shipper.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.net.URI;
import org.junit.jupiter.api.Test;

class S3OptionsTest {
    private static final URI LOCAL = URI.create("http://127.0.0.1:9000");

    @Test
    void badPlacesAndRelationsAreRefusedWithTheValueFound() {
        refused(() -> S3Options.of(URI.create("ftp://host"), "bucket", ""));
        refused(() -> S3Options.of(URI.create("http:///path"), "bucket", ""));
        refused(() -> S3Options.of(LOCAL, "Bucket!", ""));
        refused(() -> S3Options.of(LOCAL, "bucket", "/a"));
        refused(() -> S3Options.of(LOCAL, "bucket", "a//b"));
        refused(() -> S3Options.of(LOCAL, "bucket", "a").withTimeouts(10, 5, 20));
        refused(() -> S3Options.of(LOCAL, "bucket", "a").withTimeouts(5, 10, 9));
    }

    private static void refused(org.junit.jupiter.api.function.Executable options) {
        assertEquals(
                ErrorKind.INVALID,
                assertThrows(TidemarkException.class, options).kind());
    }

    @Test
    void keysStandBelowThePrefix() {
        assertEquals("a/b/k", S3Options.of(LOCAL, "bucket", "a/b").place().keyInBucket("k"));
        assertEquals("k", S3Options.of(LOCAL, "bucket", "").place().keyInBucket("k"));
    }

    @Test
    void theSecretIsNeverPrinted() {
        S3Options options =
                S3Options.of(LOCAL, "bucket", "").withCredentials(new S3Options.Credentials("id", "very-secret"));
        assertFalse(options.toString().contains("very-secret"));
    }
}
