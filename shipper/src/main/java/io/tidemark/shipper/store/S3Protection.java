package io.tidemark.shipper.store;

/**
 * How the server is to check and keep what it gets; checked once.
 *
 * @param checksum sent with each body; the server refuses a body that does not fit. Default MD5, which every server knows
 * @param sse encryption at rest by the server; default that of the bucket
 * @param kmsKeyId id or ARN of the key, only with KMS; null for the account's own
 * @param proveConditions whether the server is asked first if it refuses to overwrite an object ({@link ConditionProof})
 */
public record S3Protection(Checksum checksum, Sse sse, String kmsKeyId, boolean proveConditions) {
    /** Of a body on its way. */
    public enum Checksum {
        /** Header {@code Content-MD5}. Directory buckets do not take it. */
        MD5,
        /** Header {@code x-amz-checksum-crc32c}, kept with the object. */
        CRC32C,
        /** Header {@code x-amz-checksum-sha256}, kept with the object. */
        SHA256
    }

    /** Header {@code x-amz-server-side-encryption}. */
    public enum Sse {
        /** Not sent: the bucket decides. */
        BUCKET,
        AES256,
        KMS,
        KMS_DSSE
    }

    public static S3Protection defaults() {
        return new S3Protection(Checksum.MD5, Sse.BUCKET, null);
    }

    /** With proof of conditions. */
    public S3Protection(Checksum checksum, Sse sse, String kmsKeyId) {
        this(checksum, sse, kmsKeyId, true);
    }

    public S3Protection withoutProof() {
        return new S3Protection(checksum, sse, kmsKeyId, false);
    }

    public S3Protection {
        S3Options.require(
                kmsKeyId == null || sse == Sse.KMS || sse == Sse.KMS_DSSE,
                "a KMS key goes with encryption by KMS",
                kmsKeyId);
        S3Options.require(kmsKeyId == null || !kmsKeyId.isBlank(), "the KMS key must not be empty", kmsKeyId);
    }
}
