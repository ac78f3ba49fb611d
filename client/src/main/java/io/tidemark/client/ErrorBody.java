package io.tidemark.client;

import io.tidemark.client.TidemarkClientException.Kind;

/** Reads a daemon's error: the kind from the header {@value #KIND_HEADER}, the message from {@code {"error","message"}}. */
final class ErrorBody {
    static final String KIND_HEADER = "Tidemark-Error";
    private static final String FIELD = "\"message\":\"";

    private ErrorBody() {}

    static TidemarkClientException of(HttpAnswer answer) {
        return new TidemarkClientException(
                kind(answer), answer.endpoint() + " answered " + answer.status() + ": " + message(answer.text()));
    }

    static Kind kind(HttpAnswer answer) {
        String named = answer.header(KIND_HEADER);
        for (Kind kind : Kind.values()) {
            if (kind.name().equals(named)) {
                return kind;
            }
        }
        return switch (answer.status()) {
            case 404 -> Kind.NOT_FOUND;
            case 409, 412 -> Kind.CONFLICT;
            case 503, 507 -> Kind.UNAVAILABLE;
            case 502, 504 -> Kind.OUTCOME_UNKNOWN;
            default -> answer.status() < 500 ? Kind.INVALID : Kind.FATAL;
        };
    }

    /** The string in the field {@code message}, with the common escapes undone; the whole body when there is none. */
    static String message(String body) {
        int at = body.indexOf(FIELD);
        if (at < 0) {
            return body.strip();
        }
        StringBuilder out = new StringBuilder();
        for (int i = at + FIELD.length(); i < body.length() && body.charAt(i) != '"'; i++) {
            char c = body.charAt(i);
            if (c == '\\' && i + 1 < body.length()) {
                c = body.charAt(++i);
                c = c == 'n' ? '\n' : c == 't' ? '\t' : c;
            }
            out.append(c);
        }
        return out.toString();
    }
}
