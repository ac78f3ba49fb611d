package io.tidemark.jepsen.cluster;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** Asks a node over HTTP/1.1. Thread safe; each question is bounded, since a stopped process accepts and never answers. */
public final class StatusReader {

    private static final Duration BOUND = Duration.ofSeconds(2);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(BOUND)
            .build();

    /** The node's status, or {@link NodeStatus#down} if it does not answer in time. */
    public NodeStatus status(String name, String address) {
        Optional<HttpResponse<String>> answer = get(address, "/v1/status");
        if (answer.isEmpty() || answer.get().statusCode() != 200) {
            return NodeStatus.down(name);
        }
        try {
            return JSON.readValue(answer.get().body(), NodeStatus.class);
        } catch (IOException e) {
            throw new AssertionError(
                    "status of " + name + " is not readable: " + answer.get().body(), e);
        }
    }

    /** Whether the node says that it is ready. */
    public boolean ready(String address) {
        return get(address, "/ready").map(a -> a.statusCode() == 200).orElse(false);
    }

    /** Has all nodes note what they hold at one LSN, which is said; empty if nobody takes that. */
    public OptionalLong observe(String address) {
        Optional<HttpResponse<String>> answer =
                ask(HttpRequest.newBuilder(URI.create("http://" + address + "/v1/observe"))
                        .POST(HttpRequest.BodyPublishers.noBody()));
        if (answer.isEmpty() || answer.get().statusCode() != 200) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(
                    JSON.readTree(answer.get().body()).path("lsn").asLong());
        } catch (IOException e) {
            throw new AssertionError("not readable: " + answer.get().body(), e);
        }
    }

    /** The text of a page of the node, or empty if it does not answer in time. */
    public Optional<HttpResponse<String>> get(String address, String path) {
        return ask(HttpRequest.newBuilder(URI.create("http://" + address + path)));
    }

    private Optional<HttpResponse<String>> ask(HttpRequest.Builder request) {
        try {
            return Optional.of(http.send(request.timeout(BOUND).build(), HttpResponse.BodyHandlers.ofString()));
        } catch (IOException e) {
            return Optional.empty(); // no answer is an answer here: the node is down, paused or starting
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
