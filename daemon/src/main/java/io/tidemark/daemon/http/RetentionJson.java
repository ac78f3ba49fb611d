package io.tidemark.daemon.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.engine.Retention;
import io.tidemark.engine.StorageEngine.Checkpoint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The body of {@code GET /v1/retention}: what of the past is kept, as the log says. */
public final class RetentionJson {
    private RetentionJson() {}

    static Map<String, Object> encode(Retention retention) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("floor", retention.floor());
        body.put("namedMillis", retention.namedMillis());
        body.put("collected", retention.collected());
        body.put("swept", retention.swept());
        body.put(
                "pins",
                retention.pins().stream()
                        .map(pin -> Map.of("name", pin.name(), "lsn", pin.lsn()))
                        .toList());
        body.put(
                "checkpoints",
                retention.checkpoints().stream().map(RetentionJson::encode).toList());
        return body;
    }

    private static Map<String, Object> encode(Retention.Kept kept) {
        Checkpoint checkpoint = kept.checkpoint();
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("lsn", checkpoint.lsn());
        body.put("base", checkpoint.base());
        body.put("term", checkpoint.term());
        body.put("redoChain", String.format("%016x", checkpoint.redoChain()));
        body.put("directory", checkpoint.directory());
        body.put("bytes", checkpoint.bytes());
        body.put("sha256", checkpoint.sha256());
        body.put("shippedMillis", kept.shippedMillis());
        return body;
    }

    /** Reads what {@code GET /v1/retention} answered. */
    public static Retention decode(JsonNode body) {
        List<Retention.Pin> pins = new ArrayList<>();
        body.path("pins")
                .forEach(pin -> pins.add(new Retention.Pin(
                        pin.path("name").asText(), pin.path("lsn").asLong())));
        List<Retention.Kept> checkpoints = new ArrayList<>();
        body.path("checkpoints")
                .forEach(kept -> checkpoints.add(new Retention.Kept(
                        new Checkpoint(
                                kept.path("lsn").asLong(),
                                kept.path("base").asLong(),
                                kept.path("term").asLong(),
                                Long.parseUnsignedLong(kept.path("redoChain").asText(), 16),
                                kept.path("directory").asText(),
                                kept.path("bytes").asLong(),
                                kept.path("sha256").asText()),
                        kept.path("shippedMillis").asLong())));
        return new Retention(
                body.path("floor").asLong(-1),
                body.path("namedMillis").asLong(-1),
                body.path("collected").asLong(-1),
                body.path("swept").asLong(-1),
                pins,
                checkpoints);
    }
}
