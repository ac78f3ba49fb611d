package io.tidemark.daemon.http;

import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.Timer;
import io.tidemark.client.KeyText;
import io.tidemark.engine.error.ErrorKind;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Finds the face for a request by its raw path, and sends what it answers. */
final class Router extends Handler.Abstract {
    private static final String KV = "/v1/kv/";
    private static final String TRANSACTIONS = "/v1/transactions/";
    private static final String MEMBERS = "/v1/members/";
    private static final String PINS = "/v1/pins/";

    private final LeaderHint leaderHint;
    private final NodeFace nodeFace;
    private final PastFace past;
    private final KeyValueFace keyValues;
    private final ScanFace scans;
    private final BatchFace batches;
    private final TransactionFace transactions;
    private final TierFace tiers;
    private final Acknowledgement acknowledgement;
    private final MemoryBudget bodies;
    private final MemoryBudget replies;
    private final Timer requests;
    private final LongSupplier nanoClock;

    Router(
            NodeHolder node,
            NodeFace nodeFace,
            PastFace past,
            KeyValueFace keyValues,
            ScanFace scans,
            BatchFace batches,
            TransactionFace transactions,
            TierFace tiers,
            Acknowledgement acknowledgement,
            MemoryBudget bodies,
            MemoryBudget replies,
            MetricRegistry metrics,
            LongSupplier nanoClock) {
        this.leaderHint = new LeaderHint(node, nanoClock);
        this.nodeFace = nodeFace;
        this.past = past;
        this.keyValues = keyValues;
        this.scans = scans;
        this.batches = batches;
        this.transactions = transactions;
        this.tiers = tiers;
        this.acknowledgement = acknowledgement;
        this.bodies = bodies;
        this.replies = replies;
        this.requests = metrics.timer("tidemark.http.requests");
        this.nanoClock = nanoClock;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        long begin = nanoClock.getAsLong();
        Callback timed =
                Callback.from(callback, () -> requests.update(nanoClock.getAsLong() - begin, TimeUnit.NANOSECONDS));
        CompletableFuture<Answer> answer;
        try {
            Exchange exchange = new Exchange(request, bodies);
            answer = acknowledgement.answer(exchange, () -> route(exchange));
        } catch (RuntimeException e) {
            answer = CompletableFuture.failedFuture(e);
        }
        answer.whenComplete((found, error) -> send(error == null ? found : ErrorAnswer.of(error), response, timed));
        return true;
    }

    private CompletableFuture<Answer> route(Exchange exchange) {
        String path = exchange.path();
        if (path.startsWith(KV)) {
            int slash = path.indexOf('/', KV.length());
            return slash < 0
                    ? scans.answer(exchange, path.substring(KV.length()))
                    : keyValues.answer(exchange, path.substring(KV.length(), slash), path.substring(slash + 1));
        }
        if (path.startsWith(TRANSACTIONS)) {
            return post(exchange, () -> transactions.goOn(exchange, path.substring(TRANSACTIONS.length())));
        }
        if (path.startsWith(TierFace.TIERED) || path.startsWith(TierFace.TIERS)) {
            return tiers.answer(exchange);
        }
        if (path.startsWith(MEMBERS)) {
            String name = new String(KeyText.decode(path.substring(MEMBERS.length())), StandardCharsets.UTF_8);
            return post(exchange, () -> nodeFace.join(exchange, name));
        }
        if (path.startsWith(PINS)) {
            return past.pin(
                    exchange, new String(KeyText.decode(path.substring(PINS.length())), StandardCharsets.UTF_8));
        }
        return switch (path) {
            case "/v1/batch" -> post(exchange, () -> batches.answer(exchange));
            case "/v1/transactions" -> post(exchange, () -> transactions.begin(exchange));
            case "/v1/sessions" -> post(exchange, () -> nodeFace.openSession(exchange));
            case "/v1/observe" -> post(exchange, () -> nodeFace.observe(exchange));
            case "/v1/leader" -> post(exchange, () -> nodeFace.lead(exchange));
            case "/v1/shipped" -> nodeFace.shipped(exchange);
            case "/v1/retention" -> get(exchange, past::retention);
            case "/v1/status" -> get(exchange, nodeFace::status);
            case "/v1/chain" -> get(exchange, () -> nodeFace.chain(exchange));
            case "/v1/log" -> ask(exchange, () -> nodeFace.log(exchange));
            case "/v1/contents" -> get(exchange, () -> nodeFace.contents(exchange));
            case "/health" -> get(exchange, nodeFace::health);
            case "/ready" -> get(exchange, nodeFace::ready);
            case "/metrics" -> get(exchange, nodeFace::metrics);
            default ->
                throw new ErrorAnswer.Refusal(
                        404, ErrorKind.NOT_FOUND, "nothing is served at " + exchange.method() + " " + path);
        };
    }

    private void send(Answer answer, Response response, Callback callback) {
        try {
            sendNow(answer, response, callback);
        } catch (RuntimeException e) {
            callback.failed(e);
        }
    }

    private void sendNow(Answer answer, Response response, Callback callback) {
        HttpField leader = leaderHint.field();
        if (leader != null) {
            response.getHeaders().put(leader);
        }
        long bytes = answer.bytes();
        replies.charge(bytes);
        answer.send(response, Callback.from(() -> replies.release(bytes), callback));
    }

    static CompletableFuture<Answer> get(Exchange exchange, Supplier<Answer> face) {
        return ask(exchange, () -> CompletableFuture.completedFuture(face.get()));
    }

    static CompletableFuture<Answer> ask(Exchange exchange, Supplier<CompletableFuture<Answer>> face) {
        if (!exchange.method().equals("GET") && !exchange.method().equals("HEAD")) {
            throw methodNotAllowed(exchange, "GET, HEAD");
        }
        return face.get();
    }

    static CompletableFuture<Answer> post(Exchange exchange, Supplier<CompletableFuture<Answer>> face) {
        if (!exchange.method().equals("POST")) {
            throw methodNotAllowed(exchange, "POST");
        }
        return face.get();
    }

    static ErrorAnswer.Refusal methodNotAllowed(Exchange exchange, String allowed) {
        return new ErrorAnswer.Refusal(
                405, ErrorKind.INVALID, exchange.method() + " is not for " + exchange.path() + "; it takes " + allowed);
    }
}
