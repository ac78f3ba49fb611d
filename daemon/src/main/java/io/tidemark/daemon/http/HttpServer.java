package io.tidemark.daemon.http;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.client.Transport;
import io.tidemark.daemon.metrics.MetricsText;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.net.BindException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A daemon's port: HTTP/1.1 and cleartext HTTP/2 (prior knowledge or upgrade) on one socket. Open from {@link #start} to
 * {@link #close}; the node behind it may be replaced at any time.
 */
public final class HttpServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);

    /** Two keys of the greatest length, each byte escaped, in one request line. */
    private static final int REQUEST_HEADER_BYTES = 32 << 10;

    private static final long POOLED_BYTES = 8L << 20;
    private static final int FORWARD_CONNECTIONS = 64;

    /** A connection without a request in flight is closed so soon once the server stops. */
    private static final long IDLE_WHEN_STOPPING_MILLIS = 100;

    private final HttpOptions options;
    private final NodeHolder node;
    private final Server server;
    private final ServerConnector connector;
    private final Transport transport;

    /** Listens; fails with UNAVAILABLE when the port is taken. */
    public static HttpServer start(HttpOptions options, NodeService node, MetricRegistry metrics) {
        HttpServer server = new HttpServer(options, node, metrics, System::nanoTime);
        server.listen();
        return server;
    }

    private HttpServer(HttpOptions options, NodeService node, MetricRegistry metrics, LongSupplier nanoClock) {
        this.options = options;
        this.node = new NodeHolder(node);
        this.transport = new Transport(Duration.ofSeconds(1), FORWARD_CONNECTIONS);
        QueuedThreadPool threads = new QueuedThreadPool(options.threadsMax(), 4, 30_000);
        threads.setName("http");
        this.server = new Server(
                threads, null, new ArrayByteBufferPool(0, -1, -1, Integer.MAX_VALUE, POOLED_BYTES, POOLED_BYTES));
        HttpConfiguration http = configuration();
        HTTP2CServerConnectionFactory http2 = new HTTP2CServerConnectionFactory(http);
        http2.setMaxConcurrentStreams(512);
        this.connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http), http2);
        connector.setHost(options.host());
        connector.setPort(options.port());
        connector.setIdleTimeout(options.idleTimeout().toMillis());
        server.addConnector(connector);
        server.addBean(new NetworkConnectionLimit(options.connectionsMax(), connector));
        server.setErrorHandler(new ProtocolErrors());
        NodeGauges.register(metrics, this.node);
        GracefulHandler graceful = new GracefulHandler(router(threads, metrics, nanoClock));
        graceful.setShutdownIdleTimeout(IDLE_WHEN_STOPPING_MILLIS);
        server.setHandler(graceful);
        server.setStopTimeout(options.stopTimeout().toMillis());
    }

    private static HttpConfiguration configuration() {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setSendDateHeader(false);
        http.setRequestHeaderSize(REQUEST_HEADER_BYTES);
        // Keys are bytes: what looks like "..", "//" or broken UTF-8 is theirs, and nothing here walks a file system.
        http.setUriCompliance(UriCompliance.UNSAFE);
        return http;
    }

    private Router router(QueuedThreadPool threads, MetricRegistry metrics, LongSupplier nanoClock) {
        Hop hop = new Hop(threads);
        MemoryBudget bodies = new MemoryBudget(options.requestBytesMax(), options.writeTimeout(), threads);
        MemoryBudget replies = new MemoryBudget(options.replyBytesMax(), options.readTimeout(), threads);
        ReadPoint readPoint = new ReadPoint(hop, replies, options.readTimeout());
        WriteRoute route = new WriteRoute(transport, threads, options.writeTimeout(), nanoClock);
        return new Router(
                node,
                new NodeFace(node, hop, route, replies, new MetricsText(metrics)),
                new PastFace(node, hop, route),
                new KeyValueFace(node, hop, readPoint, route),
                new ScanFace(node, hop, readPoint, route, replies, options.scanPageBytes()),
                new BatchFace(node, hop, readPoint, route),
                new TransactionFace(node, hop, route),
                new TierFace(node, hop),
                new Acknowledgement(node, hop),
                bodies,
                replies,
                metrics,
                nanoClock);
    }

    private void listen() {
        try {
            server.start();
        } catch (Exception e) {
            close();
            throw notListening(e);
        }
    }

    private TidemarkException notListening(Exception e) {
        boolean taken = e instanceof BindException || e.getCause() instanceof BindException;
        String address = options.host() + ":" + options.port();
        return new TidemarkException(
                taken ? ErrorKind.UNAVAILABLE : ErrorKind.FATAL,
                taken
                        ? "cannot listen on " + address
                                + ": the port is in use; stop what listens there or choose another"
                        : "cannot listen on " + address + ": " + e.getMessage(),
                e);
    }

    /** The port that is open, also when 0 was asked for. */
    public int port() {
        return connector.getLocalPort();
    }

    /** Requests from now on are for {@code next}. */
    public void serve(NodeService next) {
        node.set(next);
    }

    /** Takes no more requests, lets those in flight end for {@link HttpOptions#stopTimeout}, and closes the port. */
    @Override
    public void close() {
        try {
            server.stop();
        } catch (TimeoutException e) {
            LOG.info("requests in flight after {} were cut off", options.stopTimeout());
        } catch (Exception e) {
            throw new TidemarkException(ErrorKind.FATAL, "the port did not close: " + e.getMessage(), e);
        } finally {
            transport.close();
        }
    }
}
