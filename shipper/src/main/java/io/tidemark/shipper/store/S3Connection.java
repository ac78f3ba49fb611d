package io.tidemark.shipper.store;

import java.time.Duration;
import java.util.function.Consumer;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** How the SDK's client is made: no retries of its own, every request bounded in time. */
final class S3Connection {
    private S3Connection() {}

    static S3Client open(S3Options options) {
        S3Patience patience = options.patience();
        var http = Apache5HttpClient.builder()
                .connectionTimeout(Duration.ofMillis(patience.connectMillis()))
                .connectionAcquisitionTimeout(Duration.ofMillis(patience.attemptMillis()))
                .socketTimeout(Duration.ofMillis(patience.attemptMillis()))
                .maxConnections(options.transfer().connections());
        return over(builder -> builder.httpClientBuilder(http), options);
    }

    /** @param http sets how requests get to the server */
    static S3Client over(Consumer<S3ClientBuilder> http, S3Options options) {
        S3Options.Place place = options.place();
        S3Patience patience = options.patience();
        S3ClientBuilder builder = S3Client.builder()
                .region(Region.of(place.region()))
                .credentialsProvider(credentials(options.access()))
                .forcePathStyle(place.pathStyle())
                // what the options say is sent with each body, and our own SHA-256 is checked instead of the rest; not
                // every S3 server knows trailing checksums
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .overrideConfiguration(c -> c.retryStrategy(AwsRetryStrategy.doNotRetry())
                        .apiCallAttemptTimeout(Duration.ofMillis(patience.attemptMillis()))
                        .apiCallTimeout(Duration.ofMillis(patience.attemptMillis())));
        http.accept(builder);
        if (place.endpoint() != null) {
            builder.endpointOverride(place.endpoint());
        }
        return builder.build();
    }

    /** More time for a request with a body of so many bytes. */
    static AwsRequestOverrideConfiguration patience(S3Options options, long bytes) {
        Duration limit = Duration.ofMillis(options.patience().attemptMillis(bytes));
        return AwsRequestOverrideConfiguration.builder()
                .apiCallAttemptTimeout(limit)
                .apiCallTimeout(limit)
                .build();
    }

    private static AwsCredentialsProvider credentials(S3Options.Access access) {
        if (access.credentials() != null) {
            return StaticCredentialsProvider.create(AwsBasicCredentials.create(
                    access.credentials().accessKeyId(), access.credentials().secretAccessKey()));
        }
        return access.profile() != null
                ? ProfileCredentialsProvider.create(access.profile())
                : DefaultCredentialsProvider.builder().build();
    }
}
