package io.tidemark.daemon.http;

import io.tidemark.engine.StorageEngine.Row;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A row as {@code {"key","value","version"}}. What is not UTF-8 stands there in base64, and then {@code "keyEncoding"} or
 * {@code "encoding"} (of the value) says {@code "base64"}.
 */
final class RowJson {
    private RowJson() {}

    static Map<String, String> of(Row row) {
        Map<String, String> out = new LinkedHashMap<>();
        put(out, "key", "keyEncoding", row.key());
        put(out, "value", "encoding", row.value());
        out.put("version", row.version().toString());
        return out;
    }

    private static void put(Map<String, String> out, String name, String encodingName, byte[] bytes) {
        try {
            out.put(
                    name,
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(bytes))
                            .toString());
        } catch (CharacterCodingException notText) {
            out.put(name, Base64.getEncoder().encodeToString(bytes));
            out.put(encodingName, "base64");
        }
    }
}
