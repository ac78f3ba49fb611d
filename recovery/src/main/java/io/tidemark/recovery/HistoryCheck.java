package io.tidemark.recovery;

import io.tidemark.shipper.catalog.HistoryReader;
import io.tidemark.shipper.catalog.LogObjects;
import io.tidemark.shipper.catalog.LogObjects.Ended;
import io.tidemark.shipper.manifest.HistoryRecord;
import io.tidemark.shipper.manifest.Manifest;
import io.tidemark.shipper.pack.PackName;
import io.tidemark.shipper.segment.SegmentFooter.Position;
import io.tidemark.shipper.segment.SegmentName;
import io.tidemark.shipper.segment.SegmentReader;
import io.tidemark.shipper.store.Hashes;
import io.tidemark.shipper.store.ObjectStore.ObjectInfo;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Checks every object of one history by itself and against the others, while the history goes on: objects may be collected
 * between being listed and being read (rule X3), and others come. Of segments and manifests it remembers those that end at one
 * LSN. Used once, by one thread.
 */
final class HistoryCheck {
    private final HistoryReader reader;
    private final String history;
    private final List<String> problems;
    private final VerifyHistory.Tally tally;
    private final Map<String, Seen> segments = new HashMap<>();
    private final Map<Long, Position> positions = new HashMap<>();
    private final CheckpointCheck checkpoints;

    /** What was read under a key, for the manifests that name it. */
    private record Seen(long bytes, String sha256) {}

    HistoryCheck(HistoryReader reader, String history, List<String> problems, VerifyHistory.Tally tally) {
        this.reader = reader;
        this.history = history;
        this.problems = problems;
        this.tally = tally;
        this.checkpoints = new CheckpointCheck(reader, problems, tally);
    }

    void run() {
        for (ObjectInfo object : reader.store().each(history + "/", null)) {
            Optional<PackName> page = PackName.parse(object.key());
            if (page.isPresent()) {
                read(object).ifPresent(b -> checkpoints.object(page.get(), b));
            } else if (object.key().equals(HistoryRecord.key(history))) {
                read(object);
            } else if (SegmentName.parse(object.key()).isEmpty()
                    && Manifest.markOf(object.key()).isEmpty()) {
                problems.add("object " + object.key() + " is nothing that Tidemark writes");
            }
        }
        checkpoints.end();
        // after them: what was collected until here lies below it
        long floor =
                VerifyHistory.attempt(problems, () -> reader.floor(history)).orElse(Manifest.NO_FLOOR);
        new LogObjects(reader.store(), history).forEachRemaining(ended -> log(ended, floor));
    }

    /** What ends at one LSN: segments first, for manifests are collected before what they name. */
    private void log(Ended ended, long floor) {
        segments.clear();
        positions.clear();
        for (LogObjects.Segment segment : ended.segments()) {
            read(segment.object()).ifPresent(b -> segment(segment.name(), b));
        }
        for (ObjectInfo manifest : ended.manifests()) {
            read(manifest).ifPresent(b -> manifest(manifest.key(), b, floor));
        }
    }

    /** Empty where the object cannot be had. What was collected since it was listed is not listed any more. */
    private Optional<byte[]> read(ObjectInfo object) {
        Optional<Optional<byte[]>> answer =
                VerifyHistory.attempt(problems, () -> reader.store().get(object.key()));
        if (answer.isPresent() && answer.get().isEmpty() && isListed(object.key())) {
            problems.add("object " + object.key() + " is listed and cannot be read");
        }
        Optional<byte[]> bytes = answer.flatMap(found -> found);
        bytes.ifPresent(b -> {
            tally.objects++;
            tally.bytes += b.length;
            if (object.bytes() >= 0 && b.length != object.bytes()) {
                problems.add("object " + object.key() + " has " + b.length + " bytes, listed with " + object.bytes());
            }
        });
        return bytes;
    }

    private boolean isListed(String key) {
        String before = key.substring(0, key.length() - 1);
        return reader.store().page(history + "/", before).objects().stream()
                .anyMatch(object -> object.key().equals(key));
    }

    private void segment(SegmentName name, byte[] bytes) {
        VerifyHistory.attempt(problems, () -> SegmentReader.open(name, bytes).verify())
                .ifPresent(reader -> {
                    tally.segments++;
                    tally.entries += reader.footer().entries();
                    segments.put(name.key(), new Seen(bytes.length, Hashes.sha256Hex(bytes)));
                    agree("segment " + name, name.last(), reader.footer().position());
                });
    }

    private void manifest(String key, byte[] bytes, long floor) {
        VerifyHistory.attempt(problems, () -> Manifest.decode(key, bytes)).ifPresent(manifest -> {
            tally.manifests++;
            agree("manifest " + key, manifest.mark(), manifest.position());
            checkpoints.named("manifest " + key, manifest, floor);
            Manifest.Segment named = manifest.segment();
            if (named == null) {
                return;
            }
            Seen seen = seen(named);
            if (seen == null) {
                problems.add("manifest " + key + " names " + named.key() + ", which is absent or damaged");
            } else if (!seen.equals(new Seen(named.bytes(), named.sha256()))) {
                problems.add("manifest " + key + " names " + named + ", found " + seen);
            }
            if (named.last() != manifest.mark()) {
                problems.add("manifest " + key + " has mark " + manifest.mark() + " and names " + named.key());
            }
        });
    }

    /** Its segment, which may have been put after that part of the listing was made; null where it is absent or damaged. */
    private Seen seen(Manifest.Segment named) {
        if (!segments.containsKey(named.key())) {
            SegmentName.parse(named.key())
                    .ifPresent(name -> VerifyHistory.attempt(
                                    problems, () -> reader.store().get(named.key()))
                            .flatMap(found -> found)
                            .ifPresent(bytes -> segment(name, bytes)));
        }
        return segments.get(named.key());
    }

    /** Whatever is said of one LSN, in whichever object, must be the same. */
    private void agree(String source, long lsn, Position position) {
        Position known = positions.putIfAbsent(lsn, position);
        if (known != null
                && (known.redoChain() != position.redoChain() || !known.terms().equals(position.terms()))) {
            problems.add(source + " says that the state at LSN " + lsn + " has chain "
                    + Long.toHexString(position.redoChain()) + " and terms " + position.terms()
                    + ", another object of history " + history + " says " + Long.toHexString(known.redoChain())
                    + " and " + known.terms());
        }
    }
}
