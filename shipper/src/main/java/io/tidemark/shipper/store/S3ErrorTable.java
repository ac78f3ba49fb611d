package io.tidemark.shipper.store;

import static io.tidemark.shipper.store.S3ErrorTable.Meaning.BUSY;
import static io.tidemark.shipper.store.S3ErrorTable.Meaning.MISSING;
import static io.tidemark.shipper.store.S3ErrorTable.Meaning.RACED;
import static io.tidemark.shipper.store.S3ErrorTable.Meaning.REFUSED;
import static io.tidemark.shipper.store.S3ErrorTable.Meaning.TAKEN;
import static io.tidemark.shipper.store.S3ErrorTable.Meaning.UNCLEAR;

import java.util.List;

/**
 * What each failure of a request to S3 means. The first row that fits holds, so the exact ones stand before the general.
 * {@code docs/s3.md} shows these tables, and a test compares.
 */
final class S3ErrorTable {
    private S3ErrorTable() {}

    /** What a failure means for the one who asked. */
    enum Meaning {
        /** The key has an object: look whose it is. */
        TAKEN,
        /** Nothing was done, since another request for this key was under way: ask again. */
        RACED,
        /** There is no such object. */
        MISSING,
        /** Nothing was done; ask again, later and later. */
        BUSY,
        /** It may have been done or not: look, and ask again. */
        UNCLEAR,
        /** No, and asking again does not help: a person must act. */
        REFUSED
    }

    /**
     * An answer of the server.
     *
     * @param status HTTP; 0 for any
     * @param code of S3's error body; {@code *} for any and for none
     * @param advice what a person is told; empty when the answer's own message is better
     */
    record Answer(int status, String code, Meaning meaning, String advice) {
        boolean fits(int foundStatus, String foundCode) {
            return (status == 0 || status == foundStatus) && (code.equals("*") || code.equals(foundCode));
        }
    }

    /**
     * A request without an answer.
     *
     * @param exception simple name of a class that the failure or one of its causes is of
     * @param words part of its message; empty for any
     */
    record NoAnswer(String exception, String words, Meaning meaning, String advice) {
        boolean fits(Throwable found) {
            String said = found.getMessage() == null ? "" : found.getMessage();
            for (Class<?> c = found.getClass(); c != null; c = c.getSuperclass()) {
                if (c.getSimpleName().equals(exception)) {
                    return said.contains(words);
                }
            }
            return false;
        }
    }

    private static final String NONE = "";
    private static final String REGION = "the bucket is of another region; set s3-region to it";
    private static final String KEYS =
            "the credentials are not valid here; check the access key and its secret, and their order in s3-profile,"
                    + " environment and settings";
    private static final String EXPIRED = "the credentials have expired; renew them";
    private static final String DAMAGED = "the body was damaged on its way";
    private static final String KMS = "the KMS key cannot be used; check s3-sse-kms-key-id, its state and its policy";
    private static final String LACKS = "this server lacks what Tidemark asks of S3; see docs/s3.md";

    static final List<Answer> ANSWERS = List.of(
            new Answer(412, "*", TAKEN, NONE),
            new Answer(409, "BucketAlreadyExists", REFUSED, "another account owns a bucket of this name"),
            new Answer(409, "InvalidBucketState", REFUSED, NONE),
            new Answer(409, "*", RACED, NONE),
            new Answer(404, "NoSuchBucket", REFUSED, "create the bucket, or correct its name"),
            new Answer(404, "NoSuchUpload", UNCLEAR, NONE),
            new Answer(404, "*", MISSING, NONE),
            new Answer(400, "InvalidPart", UNCLEAR, NONE),
            new Answer(400, "InvalidPartOrder", UNCLEAR, NONE),
            new Answer(0, "SlowDown", BUSY, NONE),
            new Answer(0, "Throttling", BUSY, NONE),
            new Answer(0, "ThrottlingException", BUSY, NONE),
            new Answer(0, "RequestLimitExceeded", BUSY, NONE),
            new Answer(0, "BandwidthLimitExceeded", BUSY, NONE),
            new Answer(0, "TooManyRequests", BUSY, NONE),
            new Answer(0, "RequestTimeout", BUSY, NONE),
            new Answer(429, "*", BUSY, NONE),
            new Answer(
                    403,
                    "RequestTimeTooSkewed",
                    BUSY,
                    "this machine's clock is too far from the server's; set it right. Requests are signed anew by the"
                            + " server's"),
            new Answer(0, "ExpiredToken", BUSY, EXPIRED),
            new Answer(0, "TokenRefreshRequired", BUSY, EXPIRED),
            new Answer(0, "InvalidToken", REFUSED, EXPIRED),
            new Answer(400, "BadDigest", BUSY, DAMAGED),
            new Answer(400, "InvalidDigest", BUSY, DAMAGED),
            new Answer(400, "XAmzContentSHA256Mismatch", BUSY, DAMAGED),
            new Answer(400, "XAmzContentChecksumMismatch", BUSY, DAMAGED),
            new Answer(400, "IncompleteBody", BUSY, DAMAGED),
            new Answer(301, "*", REFUSED, REGION),
            new Answer(307, "*", BUSY, NONE),
            new Answer(400, "AuthorizationHeaderMalformed", REFUSED, REGION),
            new Answer(400, "IllegalLocationConstraintException", REFUSED, REGION),
            new Answer(0, "InvalidAccessKeyId", REFUSED, KEYS),
            new Answer(0, "SignatureDoesNotMatch", REFUSED, KEYS),
            new Answer(0, "KMS.DisabledException", REFUSED, KMS),
            new Answer(0, "KMS.NotFoundException", REFUSED, KMS),
            new Answer(0, "KMS.KMSInvalidStateException", REFUSED, KMS),
            new Answer(0, "KMS.InvalidKeyUsageException", REFUSED, KMS),
            new Answer(
                    400,
                    "EntityTooSmall",
                    REFUSED,
                    "s3-part-bytes is less than this server takes for a part; raise it"),
            new Answer(400, "EntityTooLarge", REFUSED, "set s3-multipart-bytes below what this server takes at once"),
            new Answer(413, "*", REFUSED, "set s3-multipart-bytes below what this server takes at once"),
            new Answer(
                    403,
                    "*",
                    REFUSED,
                    "these credentials may not do this; grant get, put, list and delete of objects, and for uploads in"
                            + " parts to list and abort them"),
            new Answer(405, "*", REFUSED, LACKS),
            new Answer(501, "*", REFUSED, LACKS),
            new Answer(507, "*", BUSY, "the server's disk is full"),
            new Answer(0, "InternalError", UNCLEAR, NONE),
            new Answer(0, "ServiceUnavailable", UNCLEAR, NONE),
            new Answer(408, "*", UNCLEAR, NONE),
            new Answer(500, "*", UNCLEAR, NONE),
            new Answer(502, "*", UNCLEAR, NONE),
            new Answer(503, "*", UNCLEAR, NONE),
            new Answer(504, "*", UNCLEAR, NONE),
            new Answer(0, "*", REFUSED, NONE));

    static final List<NoAnswer> NO_ANSWERS = List.of(
            new NoAnswer("UnknownHostException", "", BUSY, "no such host; check s3-endpoint and the name service"),
            new NoAnswer("ConnectTimeoutException", "", BUSY, NONE),
            new NoAnswer("ConnectException", "", BUSY, NONE),
            new NoAnswer("NoRouteToHostException", "", BUSY, NONE),
            new NoAnswer(
                    "ConnectionRequestTimeoutException", "", BUSY, "all connections are in use; raise s3-connections"),
            new NoAnswer(
                    "CertificateException",
                    "",
                    REFUSED,
                    "the server's certificate is not trusted; give Java its authority"
                            + " (-Djavax.net.ssl.trustStore)"),
            new NoAnswer(
                    "SSLPeerUnverifiedException",
                    "",
                    REFUSED,
                    "the server's certificate is of another name; correct the endpoint, or set s3-path-style"),
            new NoAnswer("SSLHandshakeException", "", BUSY, NONE),
            new NoAnswer("SSLException", "unrecognized SSL message", REFUSED, "the endpoint speaks http, not https"),
            new NoAnswer(
                    "SdkClientException",
                    "credentials",
                    REFUSED,
                    "there are no credentials; give them by environment, profile, instance, or"
                            + " s3-access-key-id and s3-secret-access-key"),
            new NoAnswer("SocketTimeoutException", "", UNCLEAR, NONE),
            new NoAnswer("ApiCallAttemptTimeoutException", "", UNCLEAR, NONE),
            new NoAnswer("ApiCallTimeoutException", "", UNCLEAR, NONE),
            new NoAnswer("IOException", "", UNCLEAR, NONE),
            new NoAnswer("Throwable", "", UNCLEAR, NONE));
}
