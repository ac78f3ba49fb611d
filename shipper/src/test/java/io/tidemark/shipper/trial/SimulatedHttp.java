package io.tidemark.shipper.trial;

import io.tidemark.shipper.trial.S3Hazard.Said;
import io.tidemark.shipper.trial.S3Hazard.Server;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpFullResponse;
import software.amazon.awssdk.http.SdkHttpRequest;

/**
 * The network of the SDK's client without a network: each request goes to a server in this process, by a plan of hazards.
 * Nothing takes time: a silence is an exception at once. Both can be changed between requests. Thread-safe.
 */
public final class SimulatedHttp implements SdkHttpClient {
    private volatile HazardPlan plan = HazardPlan.none();
    private volatile Server server;

    /** From now on requests go there. */
    public void connect(Server to, HazardPlan by) {
        server = to;
        plan = by;
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        return new ExecutableHttpRequest() {
            @Override
            public HttpExecuteResponse call() throws IOException {
                return answered(plan.pass(message(request), server));
            }

            @Override
            public void abort() {
                // nothing is under way when somebody could ask for this
            }
        };
    }

    private static HttpMessage message(HttpExecuteRequest request) throws IOException {
        SdkHttpRequest head = request.httpRequest();
        StringBuilder headers = new StringBuilder();
        head.forEachHeader((name, values) ->
                values.forEach(v -> headers.append(name).append(": ").append(v).append("\r\n")));
        byte[] body = new byte[0];
        if (request.contentStreamProvider().isPresent()) {
            try (InputStream in = request.contentStreamProvider().get().newStream()) {
                body = in.readAllBytes();
            }
        }
        String query = head.rawQueryParameters().entrySet().stream()
                .flatMap(e -> pairs(e).stream())
                .collect(Collectors.joining("&"));
        String path = head.encodedPath().isEmpty() ? "/" : head.encodedPath();
        String target = path + (query.isEmpty() ? "" : "?" + query);
        return new HttpMessage(head.method() + " " + target + " HTTP/1.1", headers.toString(), body);
    }

    private static List<String> pairs(Map.Entry<String, List<String>> parameter) {
        String name = URLEncoder.encode(parameter.getKey(), StandardCharsets.UTF_8);
        return parameter.getValue().stream()
                .map(v -> v == null ? name : name + "=" + URLEncoder.encode(v, StandardCharsets.UTF_8))
                .toList();
    }

    private static HttpExecuteResponse answered(Said said) throws IOException {
        if (said.answer() == null) {
            throw said.reset() ? new SocketException("Connection reset") : new SocketTimeoutException("Read timed out");
        }
        HttpMessage answer = said.answer();
        SdkHttpFullResponse.Builder head =
                SdkHttpFullResponse.builder().statusCode(answer.status()).statusText("Said");
        for (String line : answer.headers().split("\r\n")) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                head.appendHeader(
                        line.substring(0, colon), line.substring(colon + 1).strip());
            }
        }
        InputStream body = said.isWhole()
                ? new ByteArrayInputStream(answer.body())
                : new BrokenBody(answer.body(), said.bytes(), said.reset());
        return HttpExecuteResponse.builder()
                .response(head.build())
                .responseBody(AbortableInputStream.create(body))
                .build();
    }

    @Override
    public String clientName() {
        return "simulated";
    }

    @Override
    public void close() {}

    /** Ends as the real client's streams do. */
    private static final class BrokenBody extends InputStream {
        private final ByteArrayInputStream arrives;
        private final int declared;
        private final int bytes;
        private final boolean reset;

        BrokenBody(byte[] body, int bytes, boolean reset) {
            this.arrives = new ByteArrayInputStream(body, 0, bytes);
            this.declared = body.length;
            this.bytes = bytes;
            this.reset = reset;
        }

        @Override
        public int read() throws IOException {
            int next = arrives.read();
            return next >= 0 ? next : broken();
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            int read = length == 0 ? 0 : arrives.read(into, from, length);
            return read >= 0 ? read : broken();
        }

        private int broken() throws IOException {
            if (reset) {
                throw new SocketException("Connection reset");
            }
            throw new IOException("Premature end of Content-Length delimited message body (expected: " + declared
                    + "; received: " + bytes + ")");
        }
    }
}
