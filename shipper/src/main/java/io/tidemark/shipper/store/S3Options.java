package io.tidemark.shipper.store;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.shipper.cipher.CipherKeys;
import java.net.URI;

/**
 * Where the objects live and how they get there; checked once.
 *
 * @param place service, bucket and prefix
 * @param access who asks
 */
public record S3Options(
        Place place,
        Access access,
        S3Patience patience,
        S3Transfer transfer,
        S3Protection protection,
        Encryption encryption) {

    /**
     * @param endpoint null for the region's own; else {@code http(s)://host:port}
     * @param region for signing; default {@code us-east-1}, which other S3 servers ignore
     * @param bucket 3..63 characters
     * @param prefix all keys start with it and a slash; empty for none; no slash at either end
     * @param pathStyle the bucket stands in the path instead of the host's name
     */
    public record Place(URI endpoint, String region, String bucket, String prefix, boolean pathStyle) {
        public Place {
            require(
                    endpoint == null || "http".equals(endpoint.getScheme()) || "https".equals(endpoint.getScheme()),
                    "endpoint must be http://host:port or https://host:port",
                    endpoint);
            require(endpoint == null || endpoint.getHost() != null, "endpoint must name a host", endpoint);
            require(
                    region != null && region.matches("[a-z0-9][a-z0-9-]*"),
                    "region must be one of a-z 0-9 -, such as eu-central-1",
                    region);
            require(
                    bucket != null && bucket.matches("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"),
                    "bucket must have 3..63 of a-z 0-9 . -",
                    bucket);
            require(
                    prefix != null && (prefix.isEmpty() || prefix.matches("[A-Za-z0-9._=-]+(/[A-Za-z0-9._=-]+)*")),
                    "prefix must be words of A-Z a-z 0-9 . _ = - joined by single slashes",
                    prefix);
        }

        boolean isDirectory() {
            return isDirectory(bucket);
        }

        /** Whether it is a directory bucket (S3 Express), whose listings have no order and no beginning but their own. */
        public static boolean isDirectory(String bucket) {
            return bucket.endsWith("--x-s3");
        }

        /** The key in the bucket. */
        String keyInBucket(String key) {
            return prefix.isEmpty() ? key : prefix + "/" + key;
        }

        @Override
        public String toString() {
            return "s3://" + bucket + (prefix.isEmpty() ? "" : "/" + prefix) + " at "
                    + (endpoint == null ? region : endpoint);
        }
    }

    /**
     * @param credentials given outright; null for the chain of the AWS SDK: environment, web identity, profile, container,
     *     instance
     * @param profile of {@code ~/.aws}, instead of that chain; null for none
     */
    public record Access(Credentials credentials, String profile) {
        public static final Access CHAIN = new Access(null, null);

        public Access {
            require(credentials == null || profile == null, "give keys or a profile, not both", profile);
        }
    }

    /** Explicit credentials. */
    public record Credentials(String accessKeyId, String secretAccessKey) {
        public Credentials {
            require(accessKeyId != null && !accessKeyId.isBlank(), "the access key id must not be empty", accessKeyId);
            // the secret stays out of the message
            require(secretAccessKey != null && !secretAccessKey.isBlank(), "the secret key must not be empty", "");
        }

        /** Never shows the secret. */
        @Override
        public String toString() {
            return "Credentials[" + accessKeyId + "]";
        }
    }

    /**
     * Client-side encryption.
     *
     * @param keys null for none
     * @param acceptPlain whether objects from before it was switched on are read; off, since who can write to the bucket
     *     could else put a plain object in the place of an enciphered one
     */
    public record Encryption(CipherKeys keys, boolean acceptPlain) {
        public static final Encryption NONE = new Encryption(null, true);
    }

    public S3Options {
        require(
                !place.isDirectory() || !place.pathStyle(),
                "a directory bucket takes no path style; set s3-path-style=false",
                place);
        require(
                !place.isDirectory() || protection.checksum() != S3Protection.Checksum.MD5,
                "a directory bucket takes no MD5; set s3-checksum=crc32c",
                place);
    }

    /** Defaults for everything but the place; path style when an endpoint is given; what a directory bucket takes for one. */
    public static S3Options of(URI endpoint, String bucket, String prefix) {
        boolean directory = Place.isDirectory(bucket);
        return new S3Options(
                new Place(endpoint, "us-east-1", bucket, prefix, endpoint != null && !directory),
                Access.CHAIN,
                S3Patience.defaults(),
                S3Transfer.defaults(),
                directory
                        ? new S3Protection(S3Protection.Checksum.CRC32C, S3Protection.Sse.BUCKET, null)
                        : S3Protection.defaults(),
                Encryption.NONE);
    }

    public S3Options withCredentials(Credentials explicit) {
        return withAccess(new Access(explicit, null));
    }

    public S3Options withAccess(Access other) {
        return new S3Options(place, other, patience, transfer, protection, encryption);
    }

    public S3Options withPlace(String region, boolean pathStyle) {
        Place other = new Place(place.endpoint(), region, place.bucket(), place.prefix(), pathStyle);
        return new S3Options(other, access, patience, transfer, protection, encryption);
    }

    public S3Options withTimeouts(long connect, long attempt, long deadline) {
        return withPatience(patience.withTimeouts(connect, attempt, deadline));
    }

    public S3Options withPatience(S3Patience other) {
        return new S3Options(place, access, other, transfer, protection, encryption);
    }

    public S3Options withTransfer(S3Transfer other) {
        return new S3Options(place, access, patience, other, protection, encryption);
    }

    public S3Options withProtection(S3Protection other) {
        return new S3Options(place, access, patience, transfer, other, encryption);
    }

    public S3Options withEncryption(Encryption other) {
        return new S3Options(place, access, patience, transfer, protection, other);
    }

    static void require(boolean holds, String rule, Object found) {
        if (!holds) {
            throw new TidemarkException(ErrorKind.INVALID, "S3: " + rule + ", not '" + found + "'");
        }
    }
}
