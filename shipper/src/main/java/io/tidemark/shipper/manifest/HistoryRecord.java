package io.tidemark.shipper.manifest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * What a history is: {@code <history>/history.json}, put before any other object of it.
 *
 * <pre>
 *   format, history
 *   parent         id of the history it forked from; empty for none
 *   fork           last LSN shared with the parent; -1 for none
 *   group          id of its Raft group
 *   createdMillis  wall clock of the writer, for people only
 *   checksum       see {@link SealedJson}
 * </pre>
 */
public record HistoryRecord(String history, String parent, long fork, String group, long createdMillis) {

    public static String key(String history) {
        return history + "/history.json";
    }

    public String key() {
        return key(history);
    }

    public Optional<String> parentIfAny() {
        return parent.isEmpty() ? Optional.empty() : Optional.of(parent);
    }

    /**
     * Whether both describe the same history. The time of writing does not count, nor does the parent: the log of a history
     * that was brought back at or below its parent's fork has never heard of that parent, and names its grandparent.
     */
    public boolean says(HistoryRecord other) {
        return history.equals(other.history) && fork == other.fork && group.equals(other.group);
    }

    /** For messages. */
    public String describe() {
        return "history " + history + " of group " + group
                + (parent.isEmpty() ? "" : ", forked from " + parent + " at LSN " + fork);
    }

    public byte[] encode() {
        ObjectNode out = SealedJson.start();
        out.put("history", history).put("parent", parent).put("fork", fork);
        out.put("group", group).put("createdMillis", createdMillis);
        return SealedJson.seal(out);
    }

    /** Reads an object; {@code CORRUPT} when a byte of it is not what was written, or its key says something else. */
    public static HistoryRecord decode(String object, byte[] bytes) {
        ObjectNode in = SealedJson.open(object, bytes);
        HistoryRecord found = new HistoryRecord(
                SealedJson.field(object, in, "history").asText(),
                SealedJson.field(object, in, "parent").asText(),
                SealedJson.field(object, in, "fork").asLong(),
                SealedJson.field(object, in, "group").asText(),
                SealedJson.field(object, in, "createdMillis").asLong());
        if (!found.key().equals(object)) {
            throw SealedJson.damaged(object, "the history of that key", found.key(), null);
        }
        return found;
    }
}
