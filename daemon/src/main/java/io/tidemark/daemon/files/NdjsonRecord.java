package io.tidemark.daemon.files;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;

/**
 * One record as a line of JSON: {@code {"key": "...", "value": "..."}}. Bytes that are no UTF-8 are base64, which {@code
 * "keyEncoding": "base64"} and {@code "encoding": "base64"} (of the value) say. A value that is an object, an array, a
 * number or a truth value stands for its own JSON text.
 */
public record NdjsonRecord(byte[] key, byte[] value) {
    private static final Set<String> FIELDS = Set.of("key", "value", "encoding", "keyEncoding", "version");
    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxStringLength(Integer.MAX_VALUE)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

    /** Reads a line; {@code INVALID} says what is wrong with it. */
    public static NdjsonRecord parse(byte[] line) {
        JsonNode node;
        try {
            node = JSON.readTree(line);
        } catch (JsonProcessingException e) {
            String column = e.getLocation() == null
                    ? ""
                    : " at column " + e.getLocation().getColumnNr();
            throw invalid("it is no JSON: " + e.getOriginalMessage() + column);
        } catch (IOException e) {
            throw invalid("it is no JSON: " + e.getMessage());
        }
        if (node == null || !node.isObject()) {
            throw invalid("it is no JSON object");
        }
        node.fieldNames().forEachRemaining(field -> {
            if (!FIELDS.contains(field)) {
                throw invalid("it has the unknown field '" + field + "'");
            }
        });
        JsonNode key = node.get("key");
        if (key == null || !key.isTextual()) {
            throw invalid("\"key\" is missing or no text");
        }
        JsonNode value = node.get("value");
        if (value == null || value.isNull()) {
            throw invalid("\"value\" is missing or null");
        }
        String valueText = value.isTextual() ? value.textValue() : value.toString();
        return new NdjsonRecord(
                bytes(node, "keyEncoding", "key", key.textValue()), bytes(node, "encoding", "value", valueText));
    }

    /** The line for a record, without a line end. */
    public static ObjectNode toJson(byte[] key, byte[] value) {
        ObjectNode out = JSON.createObjectNode();
        put(out, "key", "keyEncoding", key);
        put(out, "value", "encoding", value);
        return out;
    }

    private static void put(ObjectNode out, String field, String encodingField, byte[] bytes) {
        KeyDisplay.text(bytes)
                .ifPresentOrElse(
                        text -> out.put(field, text),
                        () -> out.put(field, Base64.getEncoder().encodeToString(bytes))
                                .put(encodingField, "base64"));
    }

    private static byte[] bytes(JsonNode node, String encodingField, String field, String text) {
        JsonNode encoding = node.get(encodingField);
        if (encoding == null || encoding.isNull()) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
        if (!"base64".equals(encoding.asText())) {
            throw invalid("\"" + encodingField + "\" can only be \"base64\"");
        }
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw invalid("\"" + field + "\" is no base64: " + e.getMessage());
        }
    }

    private static TidemarkException invalid(String message) {
        return new TidemarkException(ErrorKind.INVALID, message);
    }
}
