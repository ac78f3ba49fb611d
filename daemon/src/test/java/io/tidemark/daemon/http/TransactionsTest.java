package io.tidemark.daemon.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.client.GetResult;
import io.tidemark.client.TidemarkClient;
import io.tidemark.client.TidemarkClientException;
import io.tidemark.client.TidemarkClientException.Kind;
import io.tidemark.client.Transaction;
import io.tidemark.client.Version;
import io.tidemark.daemon.cli.RootCommand;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Open transactions by the client, over the ports of a cluster. */
class TransactionsTest {
    private final MemoryCluster cluster = MemoryCluster.of(3);
    private final TidemarkClient client = TidemarkClient.connect(cluster.endpoints());

    @AfterEach
    void close() {
        client.close();
        cluster.close();
    }

    @Test
    void t1_changesAreSeenByTheirOwnTransactionUntilItCommits() {
        await(client.put("ks", bytes("k"), bytes("old")));
        Transaction tx = await(client.begin(Duration.ofMinutes(1)));
        await(tx.put("ks", bytes("k"), bytes("new")));
        await(tx.put("ks", bytes("made"), bytes("new")));
        assertEquals("new", text(tx.get("ks", bytes("k"))));
        assertEquals("old", text(client.get("ks", bytes("k"))));
        assertFalse(await(client.get("ks", bytes("made"))).found());
        assertTrue(await(tx.commit()) > 0);
        assertEquals("new", text(client.get("ks", bytes("k"))));
        assertKind(Kind.NOT_FOUND, tx.commit());
        assertKind(Kind.NOT_FOUND, tx.get("ks", bytes("k")));
    }

    @Test
    void t1_whatAnotherHoldsIsAConflictAtOnce() {
        Transaction one = await(client.begin(Duration.ofMinutes(1)));
        Transaction two = await(client.begin(Duration.ofMinutes(1)));
        assertEquals(Version.NONE, await(one.lock("ks", bytes("k"))));
        await(one.lockRange("ks", bytes("m"), null));
        assertKind(Kind.CONFLICT, two.put("ks", bytes("k"), bytes("v")));
        assertKind(Kind.CONFLICT, two.delete("ks", bytes("n")));
        assertKind(Kind.CONFLICT, client.put("ks", bytes("k"), bytes("v")));
        await(one.rollback());
        await(two.put("ks", bytes("k"), bytes("v")));
        await(two.commit());
        assertEquals("v", text(client.get("ks", bytes("k"))));
    }

    @Test
    void aTransactionIsGoneOnWithByWhoeverKnowsItsId() {
        long id = await(client.begin(Duration.ofMinutes(1))).id();
        await(client.transaction(id).put("ks", bytes("a"), bytes("1")));
        try (TidemarkClient other = TidemarkClient.connect(cluster.endpoints())) {
            Transaction same = other.transaction(id);
            long point = await(same.savepoint());
            await(same.put("ks", bytes("a"), bytes("2")));
            assertTrue(await(same.delete("ks", bytes("a"))).existed());
            await(same.rollbackTo(point));
            assertKind(Kind.INVALID, same.rollbackTo(point + 7));
            assertEquals("1", text(same.get("ks", bytes("a"))));
            await(same.commit());
        }
        assertEquals("1", text(client.get("ks", bytes("a"))));
    }

    @Test
    void aTransactionByPlainHttp() throws Exception {
        String opened = post("/v1/transactions?idle-millis=5000", 200);
        String id = opened.replaceAll(".*\"transaction\":(\\d+).*", "$1");
        assertEquals(204, send("PUT", "/v1/kv/ks/k", id, "v").statusCode());
        assertEquals(409, send("PUT", "/v1/kv/ks/k", null, "w").statusCode());
        assertEquals("v", send("GET", "/v1/kv/ks/k", id, "").body());
        assertEquals(404, send("GET", "/v1/kv/ks/k", null, "").statusCode());
        assertTrue(post("/v1/transactions/" + id + "/savepoint", 200).contains("savepoint"));
        post("/v1/transactions/" + id + "/rollback-to?savepoint=99", 400);
        post("/v1/transactions/" + id + "/undo", 404);
        post("/v1/transactions/" + id + "/commit", 200);
        post("/v1/transactions/" + id + "/commit", 404);
        assertEquals("v", send("GET", "/v1/kv/ks/k", null, "").body());
    }

    @Test
    void aTransactionByTheCommandLine() {
        run(0, "put", "k", "old");
        String id = run(0, "tx", "begin", "--idle", "30").strip();
        run(0, "put", "--tx", id, "k", "new");
        assertTrue(run(0, "get", "--tx", id, "k", "--json").contains("new"));
        assertTrue(run(0, "get", "k", "--json").contains("old"));
        run(1, "put", "k", "stranger");
        String point = run(0, "tx", "savepoint", id).strip();
        run(0, "delete", "--tx", id, "k");
        run(0, "tx", "rollback-to", id, point);
        run(0, "tx", "commit", id);
        assertTrue(run(0, "get", "k", "--json").contains("new"));
        run(1, "tx", "rollback", id);
        run(2, "tx");
    }

    private String run(int code, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = RootCommand.commandLine();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        List<String> all = new ArrayList<>(List.of(arguments));
        if (code < 2) {
            all.addAll(List.of("--endpoints", String.join(",", cluster.endpoints())));
        }
        assertEquals(code, line.execute(all.toArray(String[]::new)), () -> all + ": " + err);
        return out.toString();
    }

    private String post(String path, int status) throws Exception {
        HttpResponse<String> response = send("POST", path, null, "");
        assertEquals(status, response.statusCode(), response.body());
        return response.body();
    }

    private HttpResponse<String> send(String method, String path, String transaction, String body) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://" + cluster.endpoints().get(1) + path))
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (transaction != null) {
            request.header("Tidemark-Transaction", transaction);
        }
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static <T> T await(CompletableFuture<T> future) {
        return TidemarkClient.await(future);
    }

    private static void assertKind(Kind kind, CompletableFuture<?> future) {
        TidemarkClientException e = assertThrows(TidemarkClientException.class, () -> TidemarkClient.await(future));
        assertEquals(kind, e.kind(), e::getMessage);
    }

    private static String text(CompletableFuture<GetResult> got) {
        return new String(await(got).value(), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
