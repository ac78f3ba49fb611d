package io.tidemark.daemon.cluster;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.util.UUID;

/** Ids in files are UUIDs in their long form. */
final class Uuids {
    private Uuids() {}

    static void check(String field, String text) {
        try {
            if (text != null && UUID.fromString(text).toString().equals(text)) {
                return;
            }
        } catch (IllegalArgumentException e) {
            throw invalid(field, text);
        }
        throw invalid(field, text);
    }

    private static TidemarkException invalid(String field, String text) {
        return new TidemarkException(ErrorKind.INVALID, field + " is no UUID: '" + text + "'");
    }
}
