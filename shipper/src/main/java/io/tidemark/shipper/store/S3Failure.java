package io.tidemark.shipper.store;

import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * What a failed request means for the one who sent it.
 *
 * @param reason in words, with what to do where a person must act
 */
record S3Failure(Kind kind, String reason) {

    enum Kind {
        /** 412: the key has an object. */
        TAKEN,
        /** 409: another conditional write of this key was under way; nothing was written. */
        RACED,
        /** 404 of the object. */
        MISSING,
        /** No answer, or one that does not say whether the request was done: timeout, broken connection, 5xx, 429. */
        UNCLEAR,
        /** A clear no that trying again at once cannot change: credentials, clock, bucket. */
        REFUSED
    }

    private static final Set<String> SLOW = Set.of(
            "SlowDown",
            "InternalError",
            "ServiceUnavailable",
            "RequestTimeout",
            "Throttling",
            "BandwidthLimitExceeded");

    static S3Failure of(SdkException failure) {
        if (!(failure instanceof AwsServiceException answer)) {
            return new S3Failure(Kind.UNCLEAR, rootMessage(failure));
        }
        String code = answer.awsErrorDetails() == null
                ? null
                : answer.awsErrorDetails().errorCode();
        int status = answer.statusCode();
        String said = status + (code == null ? "" : " " + code);
        if (status == 412) {
            return new S3Failure(Kind.TAKEN, said);
        }
        if (status == 409 && !"BucketAlreadyExists".equals(code)) {
            return new S3Failure(Kind.RACED, said);
        }
        if (status == 404 && !"NoSuchBucket".equals(code)) {
            return new S3Failure(Kind.MISSING, said);
        }
        if (status >= 500 || status == 429 || status == 408 || (code != null && SLOW.contains(code))) {
            return new S3Failure(Kind.UNCLEAR, said);
        }
        return new S3Failure(Kind.REFUSED, said + advice(code, answer));
    }

    private static String advice(String code, AwsServiceException answer) {
        return switch (code == null ? "" : code) {
            case "RequestTimeTooSkewed" -> ": this machine's clock is too far from the server's; set it right";
            case "NoSuchBucket" -> ": create the bucket, or correct its name";
            case "AccessDenied", "AllAccessDisabled" -> ": these credentials may not do this; grant get, put and list";
            case "InvalidAccessKeyId", "SignatureDoesNotMatch" ->
                ": the credentials are not valid here; check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY";
            case "ExpiredToken", "InvalidToken", "TokenRefreshRequired" -> ": the credentials have expired; renew them";
            case "BadDigest", "InvalidDigest", "XAmzContentSHA256Mismatch" -> ": the body was damaged on its way";
            default -> answer.getMessage() == null ? "" : ": " + answer.getMessage();
        };
    }

    /** The innermost message: the outer ones of the SDK say only that something failed. */
    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        for (int depth = 0; root.getCause() != null && depth < 10; depth++) {
            root = root.getCause();
        }
        return root.getClass().getSimpleName() + (root.getMessage() == null ? "" : ": " + root.getMessage());
    }
}
