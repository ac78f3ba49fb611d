package io.tidemark.recovery;

import io.tidemark.engine.StorageEngine.Checkpoint;
import io.tidemark.shipper.catalog.HistoryReader;
import io.tidemark.shipper.manifest.Manifest;
import io.tidemark.shipper.pack.DirectoryParts;
import io.tidemark.shipper.pack.DirectoryRoot;
import io.tidemark.shipper.pack.PackName;
import io.tidemark.shipper.pack.PackReader;
import io.tidemark.shipper.pack.PageDirectory;
import io.tidemark.shipper.pack.PagePlace;
import io.tidemark.shipper.store.Hashes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Checks the checkpoints of a history: each object by itself, and that every page of each directory lies in a pack that is
 * whole. Packs of an ancestor are looked at by their size alone: it is checked itself. Used once, by one thread.
 */
final class CheckpointCheck {
    private final HistoryReader reader;
    private final List<String> problems;
    private final VerifyHistory.Tally tally;
    private final Map<String, Long> packs = new HashMap<>();
    private final Map<String, DirectoryRoot> roots = new HashMap<>();
    private final Map<String, String> hashes = new HashMap<>();

    CheckpointCheck(HistoryReader reader, List<String> problems, VerifyHistory.Tally tally) {
        this.reader = reader;
        this.problems = problems;
        this.tally = tally;
    }

    void object(PackName name, byte[] bytes) {
        switch (name.kind()) {
            case PACK ->
                VerifyHistory.attempt(
                                problems, () -> PackReader.open(name, bytes).verify())
                        .ifPresent(pack -> packs.put(name.key(), (long) bytes.length));
            case PARTS ->
                VerifyHistory.attempt(problems, () -> {
                    DirectoryParts.verify(name, bytes, place -> {});
                    return name;
                });
            case ROOT ->
                VerifyHistory.attempt(problems, () -> DirectoryRoot.decode(name, bytes))
                        .ifPresent(root -> {
                            roots.put(name.key(), root);
                            hashes.put(name.key(), Hashes.sha256Hex(bytes));
                        });
        }
    }

    /** All objects were seen. A checkpoint is collected from its root on: without one its other objects may be gone. */
    void end() {
        for (String root : List.copyOf(roots.keySet())) {
            List<String> found = new ArrayList<>();
            VerifyHistory.attempt(found, () -> {
                PageDirectory directory = PageDirectory.open(reader.store(), root, hashes.get(root));
                for (int part = 0; part < directory.parts(); part++) {
                    directory.placesOf(part).forEach(place -> requirePack(root, place, found));
                }
                return root;
            });
            if (found.isEmpty()) {
                tally.checkpoints++;
            } else if (reader.store().head(root).isPresent()) {
                found.stream().filter(problem -> !problems.contains(problem)).forEach(problems::add);
            } else {
                roots.remove(root);
            }
        }
    }

    private void requirePack(String root, PagePlace place, List<String> found) {
        long bytes = packs.computeIfAbsent(
                place.pack(),
                key -> reader.store().head(key).map(o -> Math.max(0, o.bytes())).orElse(-1L));
        if (bytes < place.offset() + (long) place.length() && bytes != 0) {
            String problem = "checkpoint " + root + " has pages in " + place.pack() + ", which is absent or damaged";
            if (!found.contains(problem)) {
                found.add(problem);
            }
        }
    }

    /** It may have been put after that part of the listing was made. */
    private DirectoryRoot root(String key) {
        if (!roots.containsKey(key)) {
            PackName.parse(key)
                    .ifPresent(name -> VerifyHistory.attempt(
                                    problems, () -> reader.store().get(key))
                            .flatMap(found -> found)
                            .ifPresent(bytes -> object(name, bytes)));
        }
        return roots.get(key);
    }

    /** What a manifest names is there, and is what it says; what lies below the floor may be gone. */
    void named(String source, Manifest manifest, long floor) {
        Checkpoint named = manifest.checkpoint();
        if (named.lsn() < 0 || named.lsn() < floor || !named.directory().startsWith(manifest.history() + "/")) {
            return;
        }
        DirectoryRoot root = root(named.directory());
        boolean isIt = root != null
                && named.sha256().equals(hashes.get(named.directory()))
                && root.lsn() == named.lsn()
                && root.base().lsn() == named.base()
                && root.term() == named.term()
                && root.redoChain() == named.redoChain();
        if (!isIt) {
            problems.add(source + " names checkpoint " + named.directory() + ", which is absent, damaged or another");
        }
        if (named.lsn() > manifest.mark()) {
            problems.add(source + " has mark " + manifest.mark() + " and names a checkpoint of LSN " + named.lsn());
        }
    }
}
