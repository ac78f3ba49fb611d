package io.tidemark.shipper.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.shipper.pace.Pace;
import io.tidemark.shipper.store.S3ErrorTable.Meaning;
import io.tidemark.shipper.store.S3ErrorTable.NoAnswer;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.services.s3.S3Client;

/** Requests that nobody answers: each row of the table by its exception, and those that a test can bring about for real. */
class S3NoAnswerTest {
    private static final S3Patience HASTY = new S3Patience(200, 400, 1 << 20, 800, 1, 5);

    /** One that the row is for, as the SDK hands it out: in an exception of its own. */
    private static final Map<String, Throwable> EXAMPLES = Map.ofEntries(
            Map.entry("UnknownHostException", new UnknownHostException("s3.invalid")),
            Map.entry("ConnectTimeoutException", new ConnectTimeoutException("too slow")),
            Map.entry("ConnectException", new ConnectException("Connection refused")),
            Map.entry("NoRouteToHostException", new NoRouteToHostException("No route to host")),
            Map.entry("ConnectionRequestTimeoutException", new ConnectionRequestTimeoutException("pool")),
            Map.entry("CertificateException", new SSLHandshakeException("PKIX path building failed") {
                private static final long serialVersionUID = 1L;

                @Override
                public synchronized Throwable getCause() {
                    return new CertificateException("unknown authority", new CertPathValidatorException());
                }
            }),
            Map.entry("SSLPeerUnverifiedException", new SSLPeerUnverifiedException("no name matches")),
            Map.entry("SSLHandshakeException", new SSLHandshakeException("Remote host terminated the handshake")),
            Map.entry("SSLException", new SSLException("Unsupported or unrecognized SSL message")),
            Map.entry("SocketTimeoutException", new SocketTimeoutException("Read timed out")),
            Map.entry("IOException", new EOFException("half a body")),
            Map.entry("Throwable", new IllegalStateException("whatever else")));

    static Stream<NoAnswer> rows() {
        return S3ErrorTable.NO_ANSWERS.stream();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void eachExceptionMeansWhatItsRowSays(NoAnswer row) {
        SdkClientException failure = switch (row.exception()) {
            case "SdkClientException" ->
                SdkClientException.create("Unable to load credentials from any of the providers in the chain");
            case "ApiCallAttemptTimeoutException" -> ApiCallAttemptTimeoutException.create(400);
            case "ApiCallTimeoutException" -> ApiCallTimeoutException.create(400);
            default -> SdkClientException.create("outer", EXAMPLES.get(row.exception()));
        };
        S3Failure found = S3Failure.of(failure);
        assertEquals(row.meaning(), found.meaning());
        assertTrue(found.reason().endsWith(row.advice()), found.reason());
    }

    @Test
    void aBrokenConnectionIsUnclear() {
        assertEquals(
                Meaning.UNCLEAR,
                S3Failure.of(SdkClientException.create("outer", new SocketException("Connection reset")))
                        .meaning());
    }

    private static TidemarkException refused(S3Options options) {
        try (S3ObjectStore store = S3ObjectStore.open(options, new MetricRegistry())) {
            return assertThrows(TidemarkException.class, () -> store.get("k"));
        }
    }

    /** Its port is taken and nobody listens: freed, it would soon be another test's. */
    private static Socket silent() throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        return socket;
    }

    /**
     * As the HTTP client does when its request is aborted at a certain moment, by the time limit of another thread: 9 times in
     * 20,000 requests whose answers came about when their limit did.
     */
    private static SdkHttpClient broken(AtomicInteger asked) {
        return new SdkHttpClient() {
            @Override
            public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
                return new ExecutableHttpRequest() {
                    @Override
                    public HttpExecuteResponse call() {
                        asked.incrementAndGet();
                        throw new CancellationException("Request execution cancelled");
                    }

                    @Override
                    public void abort() {
                        // nothing is under way
                    }
                };
            }

            @Override
            public void close() {
                // nothing is open
            }
        };
    }

    @Test
    void anExceptionOfTheHttpClientIsNoAnswerToo() {
        AtomicInteger asked = new AtomicInteger();
        S3Options options = S3Fixture.at(1).withPatience(HASTY);
        MetricRegistry metrics = new MetricRegistry();
        try (S3Client client = S3Connection.over(b -> b.httpClient(broken(asked)), options)) {
            ObjectStore store =
                    new S3ObjectStore(options, client, Pace.system(), new Random(7), new Random(8), metrics);
            TidemarkException none = assertThrows(TidemarkException.class, () -> store.getRange("k", 0, 10));
            assertEquals(ErrorKind.UNAVAILABLE, none.kind());
            assertTrue(none.getMessage().contains("CancellationException"), none.getMessage());
            assertTrue(asked.get() > 1, asked + " tries");
            assertEquals(PutOutcome.UNKNOWN, store.putIfAbsent("k", new byte[1]));
            assertTrue(metrics.counter("s3.unclear-puts").getCount() > 0);
        }
    }

    @Test
    void aServerThatIsDownIsTriedUntilTheDeadlineAndAPutOfItIsClearlyNotDone() throws IOException {
        try (Socket silent = silent()) {
            S3Options options = S3Fixture.at(silent.getLocalPort()).withPatience(HASTY);
            TidemarkException down = refused(options);
            assertEquals(ErrorKind.UNAVAILABLE, down.kind());
            assertTrue(down.getMessage().contains("Connection refused"), down.getMessage());
            MetricRegistry metrics = new MetricRegistry();
            try (S3ObjectStore store = S3ObjectStore.open(options, metrics)) {
                assertEquals(PutOutcome.UNKNOWN, store.putIfAbsent("k", new byte[1]));
            }
            assertEquals(0, metrics.counter("s3.unclear-puts").getCount());
            assertTrue(metrics.counter("s3.retries").getCount() > 1);
            assertEquals(0, metrics.counter("s3.requests.put").getCount(), "nothing of it is billed");
            assertEquals(0, metrics.counter("s3.requests.head").getCount());
        }
    }

    @Test
    void anEndpointWithTheWrongSchemeIsNamedAtOnce(@TempDir Path directory) {
        try (S3Fixture s3 = new S3Fixture(directory)) {
            S3Options options = S3Options.of(URI.create("https://127.0.0.1:" + s3.endpoint.port()), "bucket", "p")
                    .withCredentials(new S3Options.Credentials("a", "b"));
            TidemarkException plain = refused(options);
            assertTrue(plain.getMessage().contains("the endpoint speaks http, not https"), plain.getMessage());
        }
    }

    @Test
    void withoutCredentialsTheMessageSaysWhereTheyComeFrom() {
        TidemarkException none =
                refused(S3Fixture.at(1).withAccess(new S3Options.Access(null, "no-such-profile-of-this-test")));
        assertTrue(none.getMessage().contains("s3-access-key-id"), none.getMessage());
    }
}
