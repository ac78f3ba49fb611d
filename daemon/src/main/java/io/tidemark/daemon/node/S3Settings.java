package io.tidemark.daemon.node;

import io.tidemark.daemon.cluster.S3Location;
import io.tidemark.daemon.cluster.TrialCredentials;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.shipper.store.S3Options;
import io.tidemark.shipper.store.S3Options.Access;
import io.tidemark.shipper.store.S3Options.Encryption;
import io.tidemark.shipper.store.S3Options.Place;
import io.tidemark.shipper.store.S3Patience;
import io.tidemark.shipper.store.S3Protection;
import io.tidemark.shipper.store.S3Protection.Checksum;
import io.tidemark.shipper.store.S3Protection.Sse;
import io.tidemark.shipper.store.S3Transfer;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What the settings about S3 mean to the object store; {@code INVALID} says which does not fit. */
final class S3Settings {
    private static final String STANDARD_REGION = "us-east-1";

    private final S3Location location;
    private final Settings settings;
    private final Map<String, String> environment;

    S3Settings(S3Location location, Settings settings, Map<String, String> environment) {
        this.location = location;
        this.settings = settings;
        this.environment = environment;
    }

    S3Options options() {
        return new S3Options(place(), access(), patience(), transfer(), protection(), encryption());
    }

    private Place place() {
        String given = settings.textOrNull(Setting.S3_ENDPOINT);
        if (given != null && location.embedded()) {
            throw new TidemarkException(
                    ErrorKind.INVALID,
                    "setting " + Setting.S3_ENDPOINT.key() + " is for another service than the cluster's own, which"
                            + " is at " + location.endpoint());
        }
        S3Location at = given == null ? location : new S3Location(given, location.bucket(), location.prefix(), false);
        URI endpoint = at.endpoint() == null ? null : URI.create(at.endpoint());
        String style = settings.text(Setting.S3_PATH_STYLE);
        boolean pathStyle = style.equals("auto")
                ? endpoint != null && !Place.isDirectory(at.bucket())
                : Boolean.parseBoolean(style);
        return new Place(endpoint, region(), at.bucket(), at.prefix(), pathStyle);
    }

    private String region() {
        if (location.embedded()) {
            return TrialCredentials.REGION;
        }
        return Optional.ofNullable(settings.textOrNull(Setting.S3_REGION))
                .or(() -> Optional.ofNullable(environment.get("AWS_REGION")).filter(r -> !r.isBlank()))
                .orElse(STANDARD_REGION);
    }

    private Access access() {
        if (location.embedded()) {
            return new Access(
                    new S3Options.Credentials(TrialCredentials.ACCESS_KEY, TrialCredentials.SECRET_KEY), null);
        }
        String id = settings.textOrNull(Setting.S3_ACCESS_KEY_ID);
        String secret = settings.textOrNull(Setting.S3_SECRET_ACCESS_KEY);
        if ((id == null) != (secret == null)) {
            throw new TidemarkException(
                    ErrorKind.INVALID,
                    "settings " + Setting.S3_ACCESS_KEY_ID.key() + " and " + Setting.S3_SECRET_ACCESS_KEY.key()
                            + " go together; one is missing");
        }
        return new Access(
                id == null ? null : new S3Options.Credentials(id, secret), settings.textOrNull(Setting.S3_PROFILE));
    }

    private S3Patience patience() {
        long attempt = settings.get(Setting.S3_ATTEMPT_MILLIS);
        return new S3Patience(
                Math.min(settings.get(Setting.S3_CONNECT_MILLIS), attempt),
                attempt,
                settings.get(Setting.S3_SLOWEST_BYTES_PER_SECOND),
                settings.get(Setting.S3_DEADLINE_MILLIS),
                settings.get(Setting.S3_BACKOFF_FIRST_MILLIS),
                settings.get(Setting.S3_BACKOFF_MAX_MILLIS));
    }

    private S3Transfer transfer() {
        return new S3Transfer(
                settings.getInt(Setting.S3_CONNECTIONS),
                settings.get(Setting.S3_MULTIPART_BYTES),
                settings.getInt(Setting.S3_PART_BYTES),
                settings.getInt(Setting.S3_PARALLEL_PARTS),
                settings.get(Setting.S3_UPLOAD_BYTES_PER_SECOND),
                settings.get(Setting.S3_DOWNLOAD_BYTES_PER_SECOND),
                settings.get(Setting.S3_STALE_UPLOAD_HOURS));
    }

    private S3Protection protection() {
        return new S3Protection(
                choice(Checksum.class, Setting.S3_CHECKSUM),
                choice(Sse.class, Setting.S3_SSE),
                settings.textOrNull(Setting.S3_SSE_KMS_KEY_ID),
                settings.flag(Setting.S3_PROVE_CONDITIONS));
    }

    private <E extends Enum<E>> E choice(Class<E> of, Setting setting) {
        return Enum.valueOf(of, settings.text(setting).toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    private Encryption encryption() {
        return EncryptionKeys.given(settings)
                .map(keys -> new Encryption(keys, settings.flag(Setting.S3_ENCRYPTION_ACCEPT_PLAIN)))
                .orElse(Encryption.NONE);
    }
}
