package io.tidemark.shipper.store;

import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** How the SDK's client is made: path style, no retries of its own, every request bounded in time. */
final class S3Connection {
    private S3Connection() {}

    static S3Client open(S3Options options) {
        var http = Apache5HttpClient.builder()
                .connectionTimeout(Duration.ofMillis(options.connectMillis()))
                .connectionAcquisitionTimeout(Duration.ofMillis(options.attemptMillis()))
                .socketTimeout(Duration.ofMillis(options.attemptMillis()))
                .maxConnections(options.connectionsMax());
        var builder = S3Client.builder()
                .httpClientBuilder(http)
                .region(Region.of(options.region()))
                .credentialsProvider(credentials(options))
                .forcePathStyle(true)
                // the body's MD5 and our own SHA-256 are checked instead; not every S3 server knows trailing checksums
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .overrideConfiguration(c -> c.retryStrategy(AwsRetryStrategy.doNotRetry())
                        .apiCallAttemptTimeout(Duration.ofMillis(options.attemptMillis()))
                        .apiCallTimeout(Duration.ofMillis(options.attemptMillis())));
        if (options.endpoint() != null) {
            builder.endpointOverride(options.endpoint());
        }
        return builder.build();
    }

    private static AwsCredentialsProvider credentials(S3Options options) {
        S3Options.Credentials explicit = options.credentials();
        return explicit == null
                ? DefaultCredentialsProvider.builder().build()
                : StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(explicit.accessKeyId(), explicit.secretAccessKey()));
    }
}
