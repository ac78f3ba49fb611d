package io.tidemark.daemon.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.daemon.cluster.S3Location;
import io.tidemark.daemon.cluster.TrialCredentials;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.shipper.store.S3Options;
import io.tidemark.shipper.store.S3Patience;
import io.tidemark.shipper.store.S3Protection;
import io.tidemark.shipper.store.S3Transfer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class S3SettingsTest {
    private static final S3Location AWS = new S3Location(null, "bucket", "p", false);
    private static final S3Location OTHER = new S3Location("http://127.0.0.1:9000", "bucket", "p", false);
    private static final S3Location TRIAL = new S3Location("http://127.0.0.1:9000", "bucket", "p", true);
    private static final String KEY = "22".repeat(32);

    @TempDir
    private Path dir;

    private static S3Options options(S3Location at, Map<String, String> environment, String... pairs) {
        return new S3Settings(at, Settings.standard().with(List.of(pairs)), environment).options();
    }

    private static TidemarkException refused(S3Location at, String... pairs) {
        TidemarkException refused = assertThrows(TidemarkException.class, () -> options(at, Map.of(), pairs));
        assertEquals(ErrorKind.INVALID, refused.kind());
        return refused;
    }

    @Test
    void theStandardIsWhatTheStoreHasForItsDefault() {
        assertEquals(S3Options.of(null, "bucket", "p"), options(AWS, Map.of()));
        assertEquals(S3Options.of(URI.create("http://127.0.0.1:9000"), "bucket", "p"), options(OTHER, Map.of()));
    }

    @Test
    void everySettingReachesTheStore() {
        S3Options options = options(
                AWS,
                Map.of("AWS_REGION", "eu-north-1"),
                "s3-region=eu-central-1",
                "s3-endpoint=https://s3.example:9000",
                "s3-path-style=false",
                "s3-access-key-id=AKIA1",
                "s3-secret-access-key=hush",
                "s3-connections=9",
                "s3-connect-millis=11",
                "s3-attempt-millis=12",
                "s3-slowest-bytes-per-second=13KiB",
                "s3-deadline-millis=14",
                "s3-backoff-first-millis=15",
                "s3-backoff-max-millis=16",
                "s3-checksum=crc32c",
                "s3-sse=KMS-DSSE",
                "s3-sse-kms-key-id=alias/k",
                "s3-prove-conditions=false",
                "s3-multipart-bytes=50MiB",
                "s3-part-bytes=6MiB",
                "s3-parallel-parts=3",
                "s3-upload-bytes-per-second=7MiB",
                "s3-download-bytes-per-second=8MiB",
                "s3-stale-upload-hours=5");
        assertEquals(
                new S3Options.Place(URI.create("https://s3.example:9000"), "eu-central-1", "bucket", "p", false),
                options.place());
        assertEquals(
                new S3Options.Credentials("AKIA1", "hush"), options.access().credentials());
        assertEquals(new S3Patience(11, 12, 13 << 10, 14, 15, 16), options.patience());
        assertEquals(
                new S3Protection(S3Protection.Checksum.CRC32C, S3Protection.Sse.KMS_DSSE, "alias/k", false),
                options.protection());
        assertEquals(new S3Transfer(9, 50 << 20, 6 << 20, 3, 7 << 20, 8 << 20, 5), options.transfer());
        assertNull(options.encryption().keys());
        assertEquals("work", options(AWS, Map.of(), "s3-profile=work").access().profile());
    }

    @Test
    void aDirectoryBucketIsTakenWithItsOwnStyleAndChecksumAlone() {
        S3Location express = new S3Location(null, "history--use1-az4--x-s3", "p", false);
        S3Options options = options(express, Map.of(), "s3-checksum=crc32c", "s3-endpoint=https://zonal.example");
        assertFalse(options.place().pathStyle());
        assertTrue(refused(express).getMessage().contains("s3-checksum=crc32c"));
        assertTrue(refused(express, "s3-checksum=crc32c", "s3-path-style=true")
                .getMessage()
                .contains("s3-path-style=false"));
    }

    @Test
    void theRegionOfTheEnvironmentHoldsWhereNoneIsSet() {
        assertEquals(
                "eu-north-1",
                options(AWS, Map.of("AWS_REGION", "eu-north-1")).place().region());
        assertEquals(
                "us-east-1", options(AWS, Map.of("AWS_REGION", " ")).place().region());
    }

    @Test
    void theClustersOwnEndpointKeepsItsPlaceAndCredentials() {
        S3Options own = options(TRIAL, Map.of("AWS_REGION", "eu-north-1"), "s3-access-key-id=a");
        assertEquals(TrialCredentials.REGION, own.place().region());
        assertEquals(TrialCredentials.ACCESS_KEY, own.access().credentials().accessKeyId());
        assertTrue(refused(TRIAL, "s3-endpoint=http://h:1").getMessage().contains("s3-endpoint"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s3-access-key-id=a",
                "s3-secret-access-key=a",
                "s3-endpoint=ftp://h",
                "s3-region=Frankfurt am Main",
                "s3-deadline-millis=9999",
                "s3-backoff-max-millis=1",
                "s3-part-bytes=1MiB",
                "s3-multipart-bytes=1MiB",
                "s3-parallel-parts=16",
                "s3-connections=1",
                "s3-sse-kms-key-id=alias/k",
                "s3-upload-bytes-per-second=1",
                "s3-stale-upload-hours=0",
                "s3-encryption-key-file=/no/such/file",
                "s3-encryption-key-command=exit 3",
                "s3-encryption-key-command=true",
                "s3-encryption-key-command=echo short",
            })
    void whatDoesNotFitIsRefused(String pair) {
        refused(AWS, pair);
    }

    @ParameterizedTest
    @ValueSource(strings = {"s3-sse=sometimes", "s3-checksum=", "s3-path-style=yes", "s3-encryption-accept-plain=1"})
    void whatIsNoChoiceIsRefusedWithTheChoices(String pair) {
        TidemarkException refused =
                assertThrows(TidemarkException.class, () -> Settings.standard().with(List.of(pair)));
        assertTrue(refused.getMessage().contains(" is one of "), refused.getMessage());
    }

    @Test
    void keysComeFromAFileOrACommand() throws IOException {
        Path file = Files.writeString(dir.resolve("keys"), KEY + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        S3Options ofFile = options(AWS, Map.of(), "s3-encryption-key-file=" + file);
        S3Options ofCommand = options(AWS, Map.of(), "s3-encryption-key-command=cat " + file);
        assertEquals(
                ofFile.encryption().keys().ids(), ofCommand.encryption().keys().ids());
        assertFalse(ofFile.encryption().acceptPlain());
        assertTrue(options(AWS, Map.of(), "s3-encryption-key-file=" + file, "s3-encryption-accept-plain=true")
                .encryption()
                .acceptPlain());
        refused(AWS, "s3-encryption-key-file=" + file, "s3-encryption-key-command=cat " + file);
        assertFalse(ofFile.toString().contains(KEY.substring(0, 16)), ofFile.toString());
    }

    @Test
    void theEnvironmentStandsBetweenWhatIsGivenAndTheFile() throws IOException {
        Path file = Files.writeString(dir.resolve("p"), "s3-region=eu-1\ns3-checksum=sha256\ns3-connections=7\n");
        Settings settings = Settings.read(file)
                .withEnvironment(Map.of(
                        "TIDEMARK_S3_REGION", "eu-2",
                        "TIDEMARK_S3_CHECKSUM", "crc32c",
                        "TIDEMARK_SERVICE_HOST", "10.0.0.1"))
                .with(List.of("s3-region=eu-3"));
        assertEquals("eu-3", settings.text(Setting.S3_REGION));
        assertEquals("crc32c", settings.text(Setting.S3_CHECKSUM));
        assertEquals(7, settings.get(Setting.S3_CONNECTIONS));
        TidemarkException wrong = assertThrows(
                TidemarkException.class,
                () -> Settings.standard().withEnvironment(Map.of("TIDEMARK_S3_CONNECTIONS", "many")));
        assertTrue(wrong.getMessage().contains("TIDEMARK_S3_CONNECTIONS"), wrong.getMessage());
    }

    @Test
    void aSecretIsNeverShownAndItsFileIsItsOwners() throws IOException {
        Settings settings = Settings.standard()
                .with(List.of("s3-access-key-id=AKIA1", "s3-secret-access-key=hu\\sh", "segment-bytes=2MiB"));
        assertEquals(
                List.of("s3-access-key-id=AKIA1", "s3-secret-access-key=***", "segment-bytes=2MiB"),
                settings.describe());
        Path file = dir.resolve("p");
        settings.write(file);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertEquals("hu\\sh", Settings.read(file).text(Setting.S3_SECRET_ACCESS_KEY));
    }

    /** The page for operators lists every setting as it is. */
    @Test
    void theDocumentationHasEverySetting() throws IOException {
        List<String> expected = List.of(Setting.values()).stream()
                .map(s -> "| `" + s.key() + "` | " + s.show(s.standard()) + " | " + s.meaning() + " |")
                .toList();
        List<String> found = Files.readAllLines(Path.of("..", "docs", "operations.md")).stream()
                .filter(l -> l.matches("\\| `[a-z0-9]+(-[a-z0-9]+)+` \\| .*\\|"))
                .toList();
        assertEquals(String.join("\n", expected), String.join("\n", found));
    }
}
