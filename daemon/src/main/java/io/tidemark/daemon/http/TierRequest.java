package io.tidemark.daemon.http;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.shipper.segment.SegmentName;
import io.tidemark.shipper.tier.SegmentTiers;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What somebody wants of one segment: {@code {"segment_path": PATH}}, and for a restore perhaps {@code "hours": N}.
 *
 * @param millis how long its copy is to stay
 */
record TierRequest(SegmentName name, long millis) {
    private static final String PATH = "segment_path";
    private static final String HOURS = "hours";
    private static final long HOURS_MAX = 1_000_000;
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** @throws TidemarkException {@code INVALID}, {@code NOT_FOUND} for a path that no segment has */
    static TierRequest parse(byte[] body, boolean hours, SegmentTiers tiers) {
        JsonNode object;
        try {
            object = JSON.readTree(body);
        } catch (IOException e) {
            throw invalid("the body is no JSON: " + e.getMessage().split("\n", 2)[0]);
        }
        if (object == null || !object.isObject()) {
            throw invalid("the body is {\"" + PATH + "\": \"...\"}");
        }
        List<String> known = hours ? List.of(PATH, HOURS) : List.of(PATH);
        object.fieldNames().forEachRemaining(field -> {
            if (!known.contains(field)) {
                throw invalid("there is no field '" + field + "'; known here: " + String.join(", ", known));
            }
        });
        if (!object.path(PATH).isTextual()) {
            throw invalid(PATH + " is missing, or no text: the body is {\"" + PATH + "\": \"...\"}");
        }
        return new TierRequest(name(object.path(PATH).textValue(), tiers.history()), millis(object.path(HOURS), tiers));
    }

    private static long millis(JsonNode hours, SegmentTiers tiers) {
        if (hours.isMissingNode()) {
            return tiers.options().coldMillis();
        }
        boolean whole = hours.isIntegralNumber() && hours.canConvertToLong();
        if (!whole || hours.longValue() < 1 || hours.longValue() > HOURS_MAX) {
            throw invalid(HOURS + " is a whole number of 1.." + HOURS_MAX + ", not " + hours);
        }
        return TimeUnit.HOURS.toMillis(hours.longValue());
    }

    /** The segment of a path: its key in S3, or the end of that for one of this history. */
    static SegmentName name(String path, String history) {
        if (path.isBlank()) {
            throw invalid(PATH + " is empty");
        }
        String key = path.contains("/log/") ? path : SegmentName.folder(history) + path.replaceFirst("^log/", "");
        return SegmentName.parse(key)
                .orElseThrow(() -> new TidemarkException(
                        ErrorKind.NOT_FOUND,
                        "there is no segment '" + path + "': they are called HISTORY/log/FIRST-LAST.seg, both numbers"
                                + " with 20 digits"));
    }

    private static TidemarkException invalid(String message) {
        return new TidemarkException(ErrorKind.INVALID, message);
    }
}
