package io.tidemark.daemon.http;

import io.tidemark.client.KeyText;
import io.tidemark.daemon.cost.TierCost;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.shipper.catalog.SegmentRow;
import io.tidemark.shipper.catalog.Tier;
import io.tidemark.shipper.segment.SegmentName;
import io.tidemark.shipper.tier.SegmentTiers;
import io.tidemark.shipper.tier.SegmentTiers.Outcome;
import io.tidemark.shipper.tier.TierWork;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tiers of this node's log segments. Each node answers for itself: what one keeps is no matter of the others. Whatever
 * asks S3 runs on the tiers' own thread, one after another; figures come at once, without what S3 would have added, when
 * that takes longer.
 *
 * <p>Where tiers are off ({@code segment-cache-bytes=0}) the routes of {@code /api/v1/tiered/} answer 501, those of {@code
 * /api/v1/tiers/} 503.
 */
final class TierFace {
    static final String TIERED = "/api/v1/tiered/";
    static final String TIERS = "/api/v1/tiers/";

    private static final Logger LOG = LoggerFactory.getLogger(TierFace.class);
    private static final String SEGMENTS = TIERED + "segments";
    private static final String ACCESS = TIERS + "access/";
    private static final int BODY_BYTES_MAX = 16 << 10;
    private static final long LISTING_MILLIS = 3_000;
    private static final int LIST_MAX = 1_000;

    private final NodeHolder node;
    private final Hop hop;

    TierFace(NodeHolder node, Hop hop) {
        this.node = node;
        this.hop = hop;
    }

    CompletableFuture<Answer> answer(Exchange exchange) {
        String path = exchange.path();
        if (path.startsWith(SEGMENTS + "/")) {
            return Router.ask(exchange, () -> segment(exchange, SEGMENTS.length() + 1, TierJson::segment));
        }
        if (path.startsWith(ACCESS)) {
            return Router.ask(exchange, () -> segment(exchange, ACCESS.length(), TierJson::access));
        }
        return switch (path) {
            case TIERED + "stats" -> Router.ask(exchange, () -> figures(exchange, TierJson::tieredStats));
            case TIERS + "stats" -> Router.ask(exchange, () -> figures(exchange, TierJson::tierStats));
            case TIERS + "cost-analysis" ->
                Router.ask(
                        exchange,
                        () -> figures(
                                exchange, tiers -> TierCost.of(tiers.stats()).json()));
            case SEGMENTS -> Router.ask(exchange, () -> list(exchange));
            case TIERED + "archive" -> Router.post(exchange, () -> archive(exchange));
            case TIERED + "restore" -> Router.post(exchange, () -> restore(exchange));
            case TIERS + "evaluate" -> Router.post(exchange, () -> evaluate(exchange));
            default ->
                throw new ErrorAnswer.Refusal(
                        404, ErrorKind.NOT_FOUND, "nothing is served at " + exchange.method() + " " + path);
        };
    }

    private TierWork work(Exchange exchange) {
        return node.get()
                .tiers()
                .orElseThrow(() -> new ErrorAnswer.Refusal(
                        exchange.path().startsWith(TIERS) ? 503 : 501,
                        ErrorKind.UNAVAILABLE,
                        "tiers of segments are off on this node: segment-cache-bytes is 0"));
    }

    private CompletableFuture<Answer> figures(Exchange exchange, Function<SegmentTiers, Object> json) {
        exchange.allowParameters();
        TierWork work = work(exchange);
        return hop.from(listed(work)).thenApply(done -> Json.answer(200, json.apply(work.tiers())));
    }

    /** Done when this node knows what others have shipped, or it is too late for that. */
    private CompletableFuture<Boolean> listed(TierWork work) {
        return work.refreshTo(node.get().shipped())
                .thenApply(known -> true)
                .completeOnTimeout(false, LISTING_MILLIS, TimeUnit.MILLISECONDS)
                .exceptionally(e -> {
                    LOG.warn("tiers are told without what S3 would list: {}", e.getMessage());
                    return false;
                });
    }

    private CompletableFuture<Answer> list(Exchange exchange) {
        exchange.allowParameters("tier", "after", "limit");
        String tier = exchange.text("tier", "").toUpperCase(Locale.ROOT);
        if (!List.of("", "HOT", "WARM", "COLD").contains(tier)) {
            throw new TidemarkException(ErrorKind.INVALID, "tier is hot, warm or cold, not '" + tier + "'");
        }
        String after = exchange.text("after", "");
        int limit = (int) exchange.number("limit", LIST_MAX, 1, LIST_MAX);
        TierWork work = work(exchange);
        return hop.from(listed(work)).thenApply(done -> {
            List<SegmentRow> rows = new ArrayList<>();
            work.tiers().forEach(row -> {
                boolean wanted = tier.isEmpty() || row.tier() == Tier.valueOf(tier);
                if (wanted && rows.size() <= limit && row.name().key().compareTo(after) > 0) {
                    rows.add(row);
                }
            });
            return Json.answer(200, TierJson.page(rows, limit, work.tiers()));
        });
    }

    private CompletableFuture<Answer> segment(
            Exchange exchange, int at, BiFunction<SegmentRow, SegmentTiers, Object> json) {
        exchange.allowParameters();
        TierWork work = work(exchange);
        String path = new String(KeyText.decode(exchange.path().substring(at)), StandardCharsets.UTF_8);
        SegmentName name = TierRequest.name(path, work.tiers().history());
        CompletableFuture<SegmentRow> row = work.tiers()
                .row(name)
                .map(CompletableFuture::completedFuture)
                .orElseGet(() -> work.submit(tiers -> tiers.known(name)));
        return hop.from(row).thenApply(known -> Json.answer(200, json.apply(known, work.tiers())));
    }

    /** Repeating it does no harm. */
    private CompletableFuture<Answer> archive(Exchange exchange) {
        TierWork work = work(exchange);
        return request(exchange, work, false)
                .thenCompose(asked -> hop.from(work.submit(tiers -> tiers.archive(asked.name())))
                        .thenApply(outcome -> done(
                                outcome == Outcome.ALREADY
                                        ? "segment " + asked.name() + " has no copy on this node already"
                                        : "segment " + asked.name() + " is in S3 alone now")));
    }

    /** Repeating it moves on the time until which the copy is kept, and does nothing else. */
    private CompletableFuture<Answer> restore(Exchange exchange) {
        TierWork work = work(exchange);
        return request(exchange, work, true)
                .thenCompose(asked -> hop.from(work.submit(tiers -> tiers.restore(asked.name(), asked.millis())))
                        .thenApply(outcome -> restored(asked, outcome)));
    }

    private static Answer restored(TierRequest asked, Outcome outcome) {
        String until = "; its copy stays for " + TimeUnit.MILLISECONDS.toHours(asked.millis()) + " hours";
        return switch (outcome) {
            case DONE -> done("segment " + asked.name() + " is on this node's disk now" + until);
            case ALREADY -> done("segment " + asked.name() + " is on this node's disk already" + until);
            case NO_ROOM ->
                throw new ErrorAnswer.Refusal(
                        507,
                        ErrorKind.UNAVAILABLE,
                        "there is no room for a copy of " + asked.name()
                                + " beside those that are kept by hand: archive"
                                + " some of them, or give this node a larger segment-cache-bytes or disk");
        };
    }

    private CompletableFuture<TierRequest> request(Exchange exchange, TierWork work, boolean hours) {
        exchange.allowParameters();
        return exchange.body(BODY_BYTES_MAX).thenApply(body -> TierRequest.parse(body, hours, work.tiers()));
    }

    private static Answer done(String message) {
        return Json.answer(200, TierJson.success(message));
    }

    /** Does now what is done at each look. */
    private CompletableFuture<Answer> evaluate(Exchange exchange) {
        exchange.allowParameters();
        return hop.from(work(exchange).submit(SegmentTiers::tick))
                .thenApply(report -> Json.answer(200, TierJson.report(report)));
    }
}
