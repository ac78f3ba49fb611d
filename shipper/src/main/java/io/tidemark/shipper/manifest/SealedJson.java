package io.tidemark.shipper.manifest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.shipper.store.Hashes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * JSON that knows whether it was damaged.
 *
 * <pre>
 *   {
 *     "format" : 1,
 *     ...                        fields in a fixed order, two spaces, LF
 *     "checksum" : "64 hex"      SHA-256 of this very text without this field
 *   }
 * </pre>
 *
 * <p>The text has one form only: what is read must be, byte for byte, what writing it again gives. So a flip in white
 * space or in a key is found like one in a value. Fields that this build does not know are kept and checked too.
 */
final class SealedJson {
    static final int FORMAT = 1;
    private static final String CHECKSUM = "checksum";

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final ObjectWriter WRITER =
            MAPPER.writer(new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n")));

    private SealedJson() {}

    /** An object with its format field set. */
    static ObjectNode start() {
        return MAPPER.createObjectNode().put("format", FORMAT);
    }

    static byte[] seal(ObjectNode fields) {
        ObjectNode sealed = fields.deepCopy();
        sealed.put(CHECKSUM, Hashes.sha256Hex(text(fields)));
        return text(sealed);
    }

    private static byte[] text(ObjectNode fields) {
        try {
            return (WRITER.writeValueAsString(fields) + "\n").getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("JSON cannot be written: " + fields, e);
        }
    }

    /** The fields without the checksum; {@code CORRUPT} when the bytes are not what {@link #seal} gave. */
    static ObjectNode open(String object, byte[] bytes) {
        JsonNode tree;
        try {
            tree = MAPPER.readTree(bytes);
        } catch (IOException e) {
            throw damaged(object, "JSON", "a parse error: " + e.getMessage().split("\n", 2)[0], e);
        }
        if (!(tree instanceof ObjectNode fields)) {
            throw damaged(object, "a JSON object", "something else", null);
        }
        boolean oneForm = Arrays.equals(bytes, text(fields));
        JsonNode checksum = fields.remove(CHECKSUM);
        if (checksum == null) {
            throw damaged(object, "a field " + CHECKSUM, "none", null);
        }
        String found = Hashes.sha256Hex(text(fields));
        if (!checksum.asText().equals(found)) {
            throw damaged(object, "checksum " + checksum.asText(), found, null);
        }
        if (!oneForm) {
            throw damaged(object, "the text in the form that it was written", "another", null);
        }
        int format = fields.path("format").asInt();
        if (format != FORMAT) {
            throw new TidemarkException(
                    ErrorKind.INVALID,
                    "object " + object + " has format " + format + ", this build reads " + FORMAT
                            + "; use a newer one");
        }
        return fields;
    }

    /** The field, or {@code CORRUPT}: a checksum vouches for the bytes, not for their writer. */
    static JsonNode field(String object, JsonNode from, String name) {
        JsonNode value = from.get(name);
        if (value == null) {
            throw damaged(object, "a field " + name, "none", null);
        }
        return value;
    }

    static TidemarkException damaged(String object, String expected, String found, Throwable cause) {
        return new TidemarkException(
                ErrorKind.CORRUPT,
                "object " + object + " is damaged: expected " + expected + ", found " + found,
                cause);
    }
}
