package io.tidemark.client;

import io.tidemark.client.Budget.ClientThread;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodySubscribers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One HTTP request to one node: no retries, no opinions. Threads: a few of its own carry the connections and run what
 * hangs on the futures. (The JDK's own future completes on another pool, on small machines on a new thread each time;
 * so the answer is taken where its last byte arrives.)
 */
public final class Transport implements AutoCloseable {
    private static final AtomicInteger THREADS = new AtomicInteger();

    private final ExecutorService executor;
    private final HttpClient http;

    /** @param threads that run callbacks; the connections themselves need one more */
    public Transport(Duration connectTimeout, int threads) {
        executor = Executors.newFixedThreadPool(
                threads, work -> new ClientThread(work, "tidemark-client-" + THREADS.incrementAndGet()));
        http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(connectTimeout)
                .followRedirects(HttpClient.Redirect.NEVER)
                .executor(executor)
                .build();
    }

    /**
     * @param endpoint {@code host:port}
     * @param path path and query, escaped
     * @param body null for none
     * @return the answer, whatever its status; fails with an {@link java.io.IOException} when there is none
     */
    public CompletableFuture<HttpAnswer> send(
            String endpoint, String method, String path, Map<String, String> headers, byte[] body, Duration timeout) {
        HttpRequest.Builder request = HttpRequest.newBuilder()
                .uri(URI.create("http://" + endpoint + path))
                .timeout(timeout)
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        headers.forEach(request::setHeader);
        CompletableFuture<HttpAnswer> answer = new CompletableFuture<>();
        http.sendAsync(
                        request.build(),
                        info -> BodySubscribers.mapping(
                                BodySubscribers.ofByteArray(),
                                bytes -> answer.complete(
                                        new HttpAnswer(endpoint, info.statusCode(), info.headers(), bytes))))
                .whenComplete((sent, error) -> {
                    if (error != null) {
                        executor.execute(() -> answer.completeExceptionally(error));
                    }
                });
        return answer;
    }

    /** Ends the threads; requests in flight may never complete. */
    @Override
    public void close() {
        executor.shutdownNow();
    }
}
