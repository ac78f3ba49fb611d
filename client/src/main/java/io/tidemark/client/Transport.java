package io.tidemark.client;

import io.tidemark.client.Budget.ClientThread;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.client.BufferingResponseListener;
import org.eclipse.jetty.client.BytesRequestContent;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.http.HttpCookieStore;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * One HTTP/1.1 request to one node: no retries, no opinions. A few threads carry all connections and run what hangs on
 * the answers; connections are as many as requests in flight, up to a bound per endpoint.
 */
public final class Transport implements AutoCloseable {
    private static final int THREADS_MAX = 12;
    /** A scan's page, or the greatest value with room to spare. */
    private static final int ANSWER_BYTES_MAX = 64 << 20;
    /** Less than what a daemon's port grants, so that it is the client that closes. */
    private static final long IDLE_MILLIS_MAX = 20_000;

    /** A smaller body is with the operating system when it is answered, even if nobody has been told so yet. */
    private static final int SOCKET_BYTES = 64 << 10;

    private final HttpClient http;

    /** @param connectionsMax per endpoint; further requests wait for one */
    public Transport(Duration connectTimeout, int connectionsMax) {
        QueuedThreadPool threads = new QueuedThreadPool(
                THREADS_MAX,
                1,
                (int) IDLE_MILLIS_MAX,
                0,
                null,
                null,
                work -> new ClientThread(work, "tidemark-client"));
        threads.setName("tidemark-client");
        ClientConnector connector = new ClientConnector();
        connector.setExecutor(threads);
        connector.setSelectors(1);
        connector.setConnectTimeout(connectTimeout);
        http = new HttpClient(new HttpClientTransportOverHTTP(connector));
        http.setExecutor(threads);
        http.setMaxConnectionsPerDestination(connectionsMax);
        http.setMaxRequestsQueuedPerDestination(Integer.MAX_VALUE);
        http.setIdleTimeout(IDLE_MILLIS_MAX);
        http.setFollowRedirects(false);
        http.setHttpCookieStore(new HttpCookieStore.Empty());
        http.setUserAgentField(null);
        try {
            http.start();
            http.getContentDecoderFactories().clear();
        } catch (Exception e) {
            throw new IllegalStateException("cannot start the HTTP client", e);
        }
    }

    /**
     * @param endpoint {@code host:port}
     * @param path path and query, as they stand in the request line
     * @param body null for none
     * @return the answer, whatever its status; fails with a {@link ConnectException} when nothing was sent, with another
     *     {@link IOException} when it may have been
     */
    public CompletableFuture<HttpAnswer> send(
            String endpoint, String method, String path, Map<String, String> headers, byte[] body, Duration timeout) {
        CompletableFuture<HttpAnswer> answer = new CompletableFuture<>();
        Request request = http.newRequest(URI.create("http://" + endpoint))
                .path(path) // as it came: java.net.URI refuses characters that many clients send
                .method(HttpMethod.fromString(method))
                .timeout(Math.max(1, timeout.toMillis()), TimeUnit.MILLISECONDS) // 0 would be none
                .headers(fields -> headers.forEach((name, value) -> fields.put(name, oneLine(value))));
        if (body != null) {
            request.body(new BytesRequestContent("application/octet-stream", body));
        }
        AtomicBoolean begun = new AtomicBoolean();
        AtomicBoolean sent = new AtomicBoolean();
        request.onRequestBegin(onConnection -> begun.set(true));
        request.onRequestSuccess(whole -> sent.set(true));
        boolean mayBeUnsent = body != null && body.length > SOCKET_BYTES;
        request.send(new BufferingResponseListener(ANSWER_BYTES_MAX) {
            @Override
            public void onSuccess(Response response) {
                if (!sent.get() && mayBeUnsent) {
                    answer.complete(taken(endpoint, response, getContent()));
                    response.getRequest().abort(new IOException("answered before its end was sent"));
                }
            }

            /** By now the connection can carry the next request. */
            @Override
            public void onComplete(Result result) {
                if (result.isFailed()) {
                    answer.completeExceptionally(failure(endpoint, result.getFailure(), begun.get(), timeout));
                } else {
                    answer.complete(taken(endpoint, result.getResponse(), getContent()));
                }
            }
        });
        return answer;
    }

    private static HttpAnswer taken(String endpoint, Response response, byte[] content) {
        Map<String, String> headers = new HashMap<>();
        for (HttpField field : response.getHeaders()) {
            headers.put(field.getLowerCaseName(), field.getValue());
        }
        byte[] body = content == null ? new byte[0] : content;
        return new HttpAnswer(endpoint, response.getStatus(), headers, body);
    }

    /** What never had a connection was never sent, whatever kept it. */
    private static IOException failure(String endpoint, Throwable cause, boolean begun, Duration timeout) {
        if (!begun) {
            ConnectException never = new ConnectException("not sent to " + endpoint + ": " + cause);
            never.initCause(cause);
            return never;
        }
        if (cause instanceof TimeoutException) {
            return new IOException("no answer from " + endpoint + " within " + timeout.toMillis() + " ms", cause);
        }
        return new IOException("no whole answer from " + endpoint + ": " + cause, cause);
    }

    /** What is in a header must not end it. */
    private static String oneLine(String value) {
        if (value.indexOf('\r') >= 0 || value.indexOf('\n') >= 0) {
            throw new TidemarkClientException(
                    TidemarkClientException.Kind.INVALID, "a header's value has one line, unlike '" + value + "'");
        }
        return value;
    }

    /** Fails what is in flight, and closes all connections. */
    @Override
    public void close() {
        try {
            http.stop();
        } catch (Exception e) {
            throw new IllegalStateException("cannot stop the HTTP client", e);
        }
    }
}
