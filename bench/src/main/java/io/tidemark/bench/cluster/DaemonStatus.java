package io.tidemark.bench.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;

/**
 * What a daemon says of itself at {@code GET /v1/status}, as far as a measurement asks.
 *
 * @param lagBytes log that S3 does not have yet
 * @param s3HighWaterMark S3 has the log up to here
 * @param raftLowWaterMark this node's log may be dropped up to here
 * @param coldPages pages that it has in S3 alone
 */
record DaemonStatus(
        String name,
        long pid,
        String role,
        long lagBytes,
        long s3HighWaterMark,
        long raftLowWaterMark,
        long coldPages) {
    private static final Duration LIMIT = Duration.ofSeconds(2);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(LIMIT).build();

    /** Empty when the daemon does not answer. */
    static Optional<DaemonStatus> of(String endpoint) {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + endpoint + "/v1/status"))
                    .timeout(LIMIT)
                    .build();
            return Optional.of(read(
                    JSON.readTree(HTTP.send(request, BodyHandlers.ofByteArray()).body())));
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    static DaemonStatus read(JsonNode status) {
        return new DaemonStatus(
                status.path("name").asText(),
                status.path("pid").asLong(),
                status.path("role").asText(),
                status.path("lagBytes").asLong(),
                status.path("s3HighWaterMark").asLong(),
                status.path("raftLowWaterMark").asLong(),
                status.path("tier").path("coldPages").asLong());
    }

    boolean leads() {
        return "LEADER".equals(role);
    }

    /** S3 has what there is to have, and the log has let go of it. */
    boolean isAtRest() {
        return lagBytes == 0 && s3HighWaterMark == raftLowWaterMark;
    }
}
