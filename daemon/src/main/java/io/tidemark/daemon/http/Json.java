package io.tidemark.daemon.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.util.List;
import org.eclipse.jetty.http.HttpField;

/** Answers in JSON. */
final class Json {
    static final String MEDIA_TYPE = "application/json";
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Json() {}

    static byte[] bytes(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new TidemarkException(ErrorKind.FATAL, "no JSON for " + value.getClass(), e);
        }
    }

    static Answer.Whole answer(int status, Object value, HttpField... fields) {
        return new Answer.Whole(status, MEDIA_TYPE, bytes(value), List.of(fields));
    }
}
