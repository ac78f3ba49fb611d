package io.tidemark.daemon.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The JSON part of a daemon's port. Thread-safe; one for all nodes. */
public final class NodeApi {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration ANSWER = Duration.ofSeconds(5);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();

    /** Status code and body of an answer. */
    public record Answer(int code, JsonNode body) {
        public boolean isOk() {
            return code / 100 == 2;
        }

        /** The daemon's own words about a refusal. */
        public String message() {
            return body.path("message").asText("HTTP " + code);
        }
    }

    /** GET; completes exceptionally when there is no HTTP answer. */
    public CompletableFuture<Answer> get(String address, String path) {
        return send(request(address, path).GET().timeout(ANSWER).build());
    }

    /** GET of something that is no JSON; empty when it is not answered with 200. Never fails. */
    public CompletableFuture<Optional<String>> text(String address, String path) {
        HttpRequest request = request(address, path).GET().timeout(ANSWER).build();
        return http.sendAsync(request, HttpResponse.BodyHandlers.ofString())
                .thenApply(answer -> answer.statusCode() == 200 ? Optional.of(answer.body()) : Optional.<String>empty())
                .exceptionally(e -> Optional.empty());
    }

    /** PUT without a body, answered within {@code limit}. */
    public CompletableFuture<Answer> put(String address, String path, Duration limit) {
        return send(request(address, path)
                .PUT(HttpRequest.BodyPublishers.noBody())
                .timeout(limit)
                .build());
    }

    /** DELETE, answered within {@code limit}. */
    public CompletableFuture<Answer> delete(String address, String path, Duration limit) {
        return send(request(address, path).DELETE().timeout(limit).build());
    }

    /** POST without a body, answered within {@code limit}. */
    public CompletableFuture<Answer> post(String address, String path, Duration limit) {
        return send(request(address, path)
                .POST(HttpRequest.BodyPublishers.noBody())
                .timeout(limit)
                .build());
    }

    /** POST of JSON, answered within {@code limit}. */
    public CompletableFuture<Answer> post(String address, String path, String json, Duration limit) {
        return send(request(address, path)
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .timeout(limit)
                .build());
    }

    /** The node's own account of itself; empty when it does not answer. Never fails. */
    public CompletableFuture<Optional<NodeReport>> status(String address) {
        return get(address, "/v1/status")
                .thenApply(answer ->
                        answer.isOk() ? Optional.of(NodeReport.of(answer.body())) : Optional.<NodeReport>empty())
                .exceptionally(e -> Optional.empty());
    }

    /** Empty when the node is ready; otherwise why not, also when it does not answer. Never fails. */
    public CompletableFuture<Optional<String>> whyNotReady(String address) {
        return get(address, "/ready")
                .thenApply(answer -> answer.isOk()
                        ? Optional.<String>empty()
                        : Optional.of(answer.body().path("reason").asText("HTTP " + answer.code())))
                .exceptionally(e -> Optional.of("does not answer at " + address));
    }

    private CompletableFuture<Answer> send(HttpRequest request) {
        return http.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray()).thenApply(NodeApi::answer);
    }

    private static Answer answer(HttpResponse<byte[]> response) {
        try {
            JsonNode body = JSON.readTree(response.body());
            return new Answer(response.statusCode(), body == null ? JSON.createObjectNode() : body);
        } catch (IOException e) {
            throw new TidemarkException(
                    ErrorKind.UNAVAILABLE,
                    response.uri() + " did not answer in JSON; is it the HTTP port of a Tidemark daemon?",
                    e);
        }
    }

    private static HttpRequest.Builder request(String address, String path) {
        return HttpRequest.newBuilder(URI.create("http://" + address + path));
    }
}
