package io.tidemark.shipper.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.engine.StorageEngine.Checkpoint;
import io.tidemark.engine.StorageEngine.TermStart;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.shipper.segment.SegmentFooter.Position;
import io.tidemark.shipper.segment.SegmentName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * "S3 has everything of this history up to {@code mark}": a JSON object under {@code
 * <history>/manifest/<mark>-<n>.json}, both numbers padded to 20 digits.
 *
 * <pre>
 *   format, history, mark, n     n tells manifests of one mark apart; the first is 0
 *   redoChain                    after mark; 16 hex digits (rule W3)
 *   terms                        [{term, firstLsn}], ascending (rule M4)
 *   configurationLsn             of the Raft configuration in force after mark, -1 for none
 *   configuration                its bytes, Base64
 *   segment                      {key, first, last, bytes, sha256} whose shipping moved the mark; null in the first
 *                                manifest of a restored history, whose mark is its fork
 *   checkpoint                   newest checkpoint of pages {lsn, base, term, redoChain, directory, bytes, sha256}, at or
 *                                below mark; null: none yet
 *   floor                        states below this LSN are given up (rule CT6); -1: everything is kept
 *   createdMillis                wall clock of the writer, for people only
 *   checksum                     see {@link SealedJson}
 * </pre>
 */
public record Manifest(
        String history,
        long mark,
        long n,
        Position position,
        Segment segment,
        Checkpoint checkpoint,
        long floor,
        long createdMillis) {
    private static final Pattern KEY = Pattern.compile("[^/]+/manifest/(\\d{20})-(\\d{20})\\.json");

    /** Everything is kept. */
    public static final long NO_FLOOR = -1;

    /**
     * Throws unless the state at the LSN is kept.
     *
     * @param what somebody wants, in words
     * @throws TidemarkException {@code NOT_FOUND}, naming the floor
     */
    public void requireKept(long lsn, String what) {
        if (lsn < floor) {
            throw new TidemarkException(
                    ErrorKind.NOT_FOUND,
                    what + " is gone: history " + history + " is kept from LSN " + floor + " on (its floor)");
        }
    }

    /** The object whose shipping moved the mark. */
    public record Segment(String key, long first, long last, long bytes, String sha256) {}

    /** Without a checkpoint. */
    public Manifest(
            String history, long mark, long n, Position position, Segment segment, long floor, long createdMillis) {
        this(history, mark, n, position, segment, Checkpoint.NONE, floor, createdMillis);
    }

    /** What the keys of a history's manifests start with. */
    public static String folder(String history) {
        return history + "/manifest/";
    }

    /** A key below those of every manifest with this mark or a higher one, and above all others. */
    public static String before(String history, long mark) {
        return folder(history) + SegmentName.padded(Math.max(0, mark));
    }

    public static String key(String history, long mark, long n) {
        return folder(history) + SegmentName.padded(mark) + "-" + SegmentName.padded(n) + ".json";
    }

    public String key() {
        return key(history, mark, n);
    }

    /** The mark that a key stands for; empty for a key of another form. */
    public static Optional<Long> markOf(String key) {
        Matcher matcher = KEY.matcher(key);
        return matcher.matches() ? Optional.of(Long.parseLong(matcher.group(1))) : Optional.empty();
    }

    public byte[] encode() {
        ObjectNode out = SealedJson.start();
        out.put("history", history).put("mark", mark).put("n", n);
        out.put("redoChain", HexFormat.of().toHexDigits(position.redoChain()));
        ArrayNode terms = out.putArray("terms");
        for (TermStart start : position.terms()) {
            terms.addObject().put("term", start.term()).put("firstLsn", start.firstLsn());
        }
        out.put("configurationLsn", position.configurationLsn());
        out.put("configuration", position.configuration());
        if (segment == null) {
            out.putNull("segment");
        } else {
            out.putObject("segment")
                    .put("key", segment.key())
                    .put("first", segment.first())
                    .put("last", segment.last())
                    .put("bytes", segment.bytes())
                    .put("sha256", segment.sha256());
        }
        if (checkpoint.lsn() < 0) {
            out.putNull("checkpoint");
        } else {
            out.putObject("checkpoint")
                    .put("lsn", checkpoint.lsn())
                    .put("base", checkpoint.base())
                    .put("term", checkpoint.term())
                    .put("redoChain", HexFormat.of().toHexDigits(checkpoint.redoChain()))
                    .put("directory", checkpoint.directory())
                    .put("bytes", checkpoint.bytes())
                    .put("sha256", checkpoint.sha256());
        }
        out.put("floor", floor).put("createdMillis", createdMillis);
        return SealedJson.seal(out);
    }

    /** Reads an object; {@code CORRUPT} when a byte of it is not what was written, or its key says something else. */
    public static Manifest decode(String object, byte[] bytes) {
        ObjectNode in = SealedJson.open(object, bytes);
        try {
            List<TermStart> terms = new ArrayList<>();
            for (JsonNode start : field(object, in, "terms")) {
                terms.add(new TermStart(
                        field(object, start, "term").longValue(),
                        field(object, start, "firstLsn").longValue()));
            }
            Position position = new Position(
                    Long.parseUnsignedLong(field(object, in, "redoChain").textValue(), 16),
                    terms,
                    field(object, in, "configurationLsn").longValue(),
                    field(object, in, "configuration").binaryValue());
            Manifest manifest = new Manifest(
                    field(object, in, "history").textValue(),
                    field(object, in, "mark").longValue(),
                    field(object, in, "n").longValue(),
                    position,
                    segment(object, field(object, in, "segment")),
                    checkpoint(object, field(object, in, "checkpoint")),
                    field(object, in, "floor").longValue(),
                    field(object, in, "createdMillis").longValue());
            if (!manifest.key().equals(object)) {
                throw SealedJson.damaged(object, "the manifest of that key", manifest.key(), null);
            }
            return manifest;
        } catch (IOException | NumberFormatException e) {
            throw SealedJson.damaged(object, "fields of a manifest", e.getMessage(), e);
        }
    }

    private static Segment segment(String object, JsonNode in) {
        if (in.isNull()) {
            return null;
        }
        return new Segment(
                field(object, in, "key").textValue(),
                field(object, in, "first").longValue(),
                field(object, in, "last").longValue(),
                field(object, in, "bytes").longValue(),
                field(object, in, "sha256").textValue());
    }

    private static Checkpoint checkpoint(String object, JsonNode in) {
        if (in.isNull()) {
            return Checkpoint.NONE;
        }
        return new Checkpoint(
                field(object, in, "lsn").longValue(),
                field(object, in, "base").longValue(),
                field(object, in, "term").longValue(),
                Long.parseUnsignedLong(field(object, in, "redoChain").textValue(), 16),
                field(object, in, "directory").textValue(),
                field(object, in, "bytes").longValue(),
                field(object, in, "sha256").textValue());
    }

    private static JsonNode field(String object, JsonNode from, String name) {
        return SealedJson.field(object, from, name);
    }
}
