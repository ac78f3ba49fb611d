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
 * {@code "encoding"} (of the value) says {@code "base64"}. A value of more than 1 MiB is left out, its length in {@code
 * "bytes"}: get it by its key.
 */
final class RowJson {
    private static final int VALUE_BYTES_MAX = 1 << 20;

    private RowJson() {}

    static Map<String, Object> of(Row row) {
        Map<String, Object> out = new LinkedHashMap<>();
        put(out, "key", "keyEncoding", row.key());
        if (row.value().length <= VALUE_BYTES_MAX) {
            put(out, "value", "encoding", row.value());
        } else {
            out.put("bytes", row.value().length);
        }
        out.put("version", row.version().toString());
        return out;
    }

    private static void put(Map<String, Object> out, String name, String encodingName, byte[] bytes) {
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
