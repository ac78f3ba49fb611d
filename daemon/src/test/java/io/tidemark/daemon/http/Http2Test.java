package io.tidemark.daemon.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.client.AsyncRequestContent;
import org.eclipse.jetty.client.BytesRequestContent;
import org.eclipse.jetty.client.ContentResponse;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.InputStreamResponseListener;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.http2.client.transport.HttpClientTransportOverHTTP2;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Cleartext HTTP/2 by prior knowledge, on the same port as HTTP/1.1. */
class Http2Test {
    private final MemoryCluster cluster = MemoryCluster.of(2);
    private final HttpClient http = new HttpClient(new HttpClientTransportOverHTTP2(new HTTP2Client()));

    @BeforeEach
    void open() throws Exception {
        http.start();
    }

    @AfterEach
    void close() throws Exception {
        http.stop();
        cluster.close();
    }

    @Test
    void theSamePortSpeaksHttp2() throws Exception {
        ContentResponse put = http.newRequest(url(1, "/v1/kv/ks/a/..%2F%FF"))
                .method("PUT")
                .body(new BytesRequestContent(bytes("v")))
                .send();
        assertEquals(HttpVersion.HTTP_2, put.getVersion());
        assertEquals(204, put.getStatus());
        ContentResponse got = http.GET(url(0, "/v1/kv/ks/a/..%2F%FF"));
        assertEquals("v", got.getContentAsString());
        assertEquals(put.getHeaders().get("ETag"), got.getHeaders().get("ETag"));
        assertTrue(RawHttp.exchange(
                        cluster.server(0).port(), "GET /health HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
                .startsWith("HTTP/1.1 200"));
    }

    @Test
    void manyRequestsShareOneConnection() {
        List<CompletableFuture<ContentResponse>> puts = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            CompletableFuture<ContentResponse> put = new CompletableFuture<>();
            puts.add(put);
            http.newRequest(url(0, "/v1/kv/ks/k" + i))
                    .method("PUT")
                    .body(new BytesRequestContent(bytes("v" + i)))
                    .send(new org.eclipse.jetty.client.BufferingResponseListener() {
                        @Override
                        public void onComplete(org.eclipse.jetty.client.Result result) {
                            if (result.isSucceeded()) {
                                put.complete(null);
                            } else {
                                put.completeExceptionally(result.getFailure());
                            }
                        }
                    });
        }
        puts.forEach(CompletableFuture::join);
        assertArrayEquals(bytes("v299"), cluster.get("ks", bytes("k299")));
    }

    @Test
    void aBodyIsTakenAsItArrives() throws Exception {
        byte[] value = new byte[5 << 20];
        new Random(5).nextBytes(value);
        AsyncRequestContent body = new AsyncRequestContent();
        CompletableFuture<Integer> status = new CompletableFuture<>();
        http.newRequest(url(0, "/v1/kv/ks/streamed")).method("PUT").body(body).send(result -> {
            if (result.isFailed()) {
                status.completeExceptionally(result.getFailure());
            } else {
                status.complete(result.getResponse().getStatus());
            }
        });
        for (int at = 0; at < value.length; at += 64 << 10) {
            body.write(
                    false,
                    ByteBuffer.wrap(value, at, Math.min(64 << 10, value.length - at)),
                    org.eclipse.jetty.util.Callback.NOOP);
        }
        body.close();
        assertEquals(204, status.get(20, TimeUnit.SECONDS));
        assertArrayEquals(value, cluster.get("ks", bytes("streamed")));
    }

    @Test
    void aSlowReaderHoldsBackALongScan() throws Exception {
        byte[] value = new byte[16 << 10];
        for (int i = 0; i < 1000; i++) {
            cluster.put("ks", bytes(String.format("%04d", i)), value);
        }
        InputStreamResponseListener listener = new InputStreamResponseListener();
        http.newRequest(url(0, "/v1/kv/ks"))
                .headers(h -> h.put("Accept", "application/x-ndjson"))
                .send(listener);
        Response response = listener.get(20, TimeUnit.SECONDS);
        assertEquals(200, response.getStatus());
        long lines = 0;
        try (InputStream in = listener.getInputStream()) {
            byte[] buffer = new byte[1 << 16];
            int count;
            int atMost = cluster.scans.get();
            assertTrue(atMost < 8, atMost + " chunks were read before anyone took the first");
            while ((count = in.read(buffer)) >= 0) {
                for (int i = 0; i < count; i++) {
                    lines += buffer[i] == '\n' ? 1 : 0;
                }
            }
        }
        assertEquals(1000, lines);
        assertTrue(cluster.scans.get() > 10, cluster.scans + " chunks in all");
    }

    private String url(int node, String path) {
        return "http://" + cluster.endpoint(node) + path;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
