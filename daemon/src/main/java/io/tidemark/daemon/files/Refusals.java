package io.tidemark.daemon.files;

import java.util.ArrayList;
import java.util.List;

/** What was refused or left out: all are counted, the first ones are kept by name, so that memory stays bounded. */
public final class Refusals {
    private static final int KEPT = 20;

    private final List<String> kept = new ArrayList<>();
    private long count;

    void add(String name, String why) {
        count++;
        if (kept.size() < KEPT) {
            kept.add(name + ": " + why);
        }
    }

    public long count() {
        return count;
    }

    /** The first ones by name, and how many more there are. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>(kept);
        if (count > kept.size()) {
            lines.add("... and " + (count - kept.size()) + " more");
        }
        return lines;
    }
}
