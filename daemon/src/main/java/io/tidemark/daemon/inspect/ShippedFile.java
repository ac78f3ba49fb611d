package io.tidemark.daemon.inspect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.engine.StorageEngine.TermStart;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.log.Entry;
import io.tidemark.engine.log.EntryCodec;
import io.tidemark.engine.log.EntryKind;
import io.tidemark.engine.log.LogEntry;
import io.tidemark.shipper.cipher.CipherKeys;
import io.tidemark.shipper.manifest.HistoryRecord;
import io.tidemark.shipper.manifest.Manifest;
import io.tidemark.shipper.segment.SegmentFooter.Position;
import io.tidemark.shipper.segment.SegmentReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Objects of S3, as files. */
public final class ShippedFile {
    private final Consumer<String> out;
    private final CipherKeys keys;

    /** @param keys of encrypted objects; null for none */
    public ShippedFile(Consumer<String> out, CipherKeys keys) {
        this.out = out;
        this.keys = keys;
    }

    /** A segment: what its footer says, then every entry in a line. */
    public void segment(Path file) {
        byte[] bytes = EncryptedFile.content(file, read(file), keys);
        SegmentReader reader = SegmentReader.open(file.toString(), bytes);
        out.accept("segment of history " + reader.name().history() + ": "
                + reader.footer().entries() + " entries, LSN " + reader.name().first() + " to "
                + reader.name().last());
        out.accept("  " + bytes.length + " bytes hold " + reader.footer().plainBytes() + " bytes of entries in "
                + reader.footer().blocks().size() + " blocks; content hash "
                + reader.footer().contentHashHex());
        position(reader.footer().position());
        out.accept("entries");
        reader.forEach(this::entry);
        out.accept("every checksum is right, and so is the content hash");
    }

    /** A manifest, or the record of a history. */
    public void manifest(Path file) {
        byte[] bytes = EncryptedFile.content(file, read(file), keys);
        JsonNode json = json(file, bytes);
        if (!json.has("mark")) {
            HistoryRecord record =
                    HistoryRecord.decode(HistoryRecord.key(json.path("history").asText()), bytes);
            out.accept("history " + record.history() + ", Raft group " + record.group());
            out.accept(record.parentIfAny()
                    .map(parent -> "  forked from history " + parent + " after LSN " + record.fork())
                    .orElse("  the first of its line"));
            out.accept("  written " + Instant.ofEpochMilli(record.createdMillis()));
        } else {
            String key = Manifest.key(
                    json.path("history").asText(),
                    json.path("mark").asLong(),
                    json.path("n").asLong());
            print(Manifest.decode(key, bytes));
        }
        out.accept("its checksum is right");
    }

    private void print(Manifest manifest) {
        out.accept("manifest " + manifest.n() + " of history " + manifest.history() + ": S3 has every entry up to LSN "
                + manifest.mark());
        Manifest.Segment segment = manifest.segment();
        out.accept(
                segment == null
                        ? "  no segment moved the mark: it is where this history forked from another"
                        : "  segment " + segment.key() + ", " + segment.bytes() + " bytes, SHA-256 "
                                + segment.sha256());
        out.accept(
                manifest.floor() < 0
                        ? "  everything before it is kept"
                        : "  nothing at or below LSN " + manifest.floor() + " is promised any more");
        position(manifest.position());
        out.accept("  written " + Instant.ofEpochMilli(manifest.createdMillis()));
    }

    private void position(Position position) {
        out.accept("  after the last entry: redo chain " + HexFormat.of().toHexDigits(position.redoChain())
                + ", terms from LSN " + terms(position.terms()) + ", Raft configuration of LSN "
                + position.configurationLsn());
    }

    private static String terms(List<TermStart> terms) {
        return terms.stream()
                .map(start -> start.term() + " from " + start.firstLsn())
                .collect(Collectors.joining(", ", "[", "]"));
    }

    private void entry(LogEntry entry) {
        String head = "  " + entry.lsn() + " (term " + entry.term() + ") " + entry.kind() + ", "
                + entry.payload().length + " bytes";
        if (entry.kind() != EntryKind.COMMANDS) {
            out.accept(head);
            return;
        }
        Entry commands = EntryCodec.decode(entry.payload());
        out.accept(head + ", " + Instant.ofEpochMilli(commands.timeMillis()));
        commands.commands().forEach(command -> out.accept("      " + Commands.describe(command)));
    }

    private static JsonNode json(Path file, byte[] bytes) {
        try {
            JsonNode json = new ObjectMapper().readTree(bytes);
            if (json != null && json.isObject()) {
                return json;
            }
        } catch (IOException e) {
            throw new TidemarkException(ErrorKind.CORRUPT, file + " is no JSON: " + e.getMessage(), e);
        }
        throw new TidemarkException(ErrorKind.CORRUPT, file + " is no JSON object");
    }

    static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new TidemarkException(ErrorKind.INVALID, "cannot read " + file + ": " + e.getMessage(), e);
        }
    }
}
