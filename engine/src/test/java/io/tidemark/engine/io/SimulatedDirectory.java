package io.tidemark.engine.io;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** The names in a simulated directory: as seen, as surely left by a power cut, and the changes between. */
final class SimulatedDirectory {
    final TreeMap<String, SimulatedFile> seen = new TreeMap<>();
    private TreeMap<String, SimulatedFile> safe = new TreeMap<>();
    private final List<Change> unsynced = new ArrayList<>();

    /** One atomic change: {@code removed} goes, {@code made} names {@code file}; either may be null. */
    private record Change(String removed, String made, SimulatedFile file) {
        void on(Map<String, SimulatedFile> names) {
            if (removed != null) {
                names.remove(removed);
            }
            if (made != null) {
                names.put(made, file);
            }
        }
    }

    void change(String removed, String made, SimulatedFile file) {
        Change change = new Change(removed, made, file);
        change.on(seen);
        unsynced.add(change);
    }

    void sync() {
        if (!unsynced.isEmpty()) {
            safe = new TreeMap<>(seen);
            unsynced.clear();
        }
    }

    /** The directory as a power cut now may leave it; {@code left} gives what it leaves of a file. */
    SimulatedDirectory afterCrash(CrashMode mode, Random random, UnaryOperator<SimulatedFile> left) {
        Map<String, SimulatedFile> names = switch (mode) {
            case NONE -> safe;
            case ALL -> seen;
            case RANDOM -> part(random);
        };
        SimulatedDirectory image = new SimulatedDirectory();
        names.forEach((name, file) -> image.seen.put(name, left.apply(file)));
        image.safe = new TreeMap<>(image.seen);
        return image;
    }

    private Map<String, SimulatedFile> part(Random random) {
        TreeMap<String, SimulatedFile> names = new TreeMap<>(safe);
        if (random.nextBoolean()) {
            // As a journal would: the changes up to some point.
            unsynced.subList(0, random.nextInt(unsynced.size() + 1)).forEach(change -> change.on(names));
        } else {
            unsynced.stream().filter(change -> random.nextBoolean()).forEach(change -> change.on(names));
        }
        return names;
    }
}
