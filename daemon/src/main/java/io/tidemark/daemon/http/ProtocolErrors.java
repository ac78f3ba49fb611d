package io.tidemark.daemon.http;

import io.tidemark.engine.error.ErrorKind;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** What goes wrong before or beside the faces (a broken request line, a header too long, a stopping server), in JSON too. */
final class ProtocolErrors extends ErrorHandler {

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        int status = request.getAttribute(ERROR_STATUS) instanceof Integer found ? found : 500;
        Object message = request.getAttribute(ERROR_MESSAGE);
        ErrorAnswer.of(status, kind(status), "the request failed: " + (message == null ? status : message), List.of())
                .send(response, callback);
        return true;
    }

    @Override
    public ByteBuffer badMessageError(int status, String reason, HttpFields.Mutable fields) {
        Map<String, String> body = new LinkedHashMap<>();
        body.put("error", kind(status).name());
        body.put("message", "this is no request that can be understood: " + (reason == null ? status : reason));
        fields.put(HttpHeader.CONTENT_TYPE, Json.MEDIA_TYPE);
        fields.put(Headers.ERROR, kind(status).name());
        return ByteBuffer.wrap(Json.bytes(body));
    }

    private static ErrorKind kind(int status) {
        if (status < 500) {
            return ErrorKind.INVALID;
        }
        return status == 503 ? ErrorKind.UNAVAILABLE : ErrorKind.FATAL;
    }
}
