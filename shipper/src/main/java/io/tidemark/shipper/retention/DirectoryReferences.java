package io.tidemark.shipper.retention;

import io.tidemark.shipper.pack.DirectoryRoot;
import io.tidemark.shipper.pack.PageDirectory;
import io.tidemark.shipper.pack.PagePlace;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Objects of one history that directories lead to. A part that several share is read once. Used by one thread. */
final class DirectoryReferences {
    private final String folder;
    private final Set<String> keys = new HashSet<>();
    private final Set<DirectoryRoot.PartRef> seen = new HashSet<>();

    DirectoryReferences(String history) {
        this.folder = history + "/";
    }

    /** Adds the root, its parts and the packs of its pages; reads all of its parts that were not read yet. */
    void add(PageDirectory directory) {
        addKey(directory.name().key());
        for (int part = 0; part < directory.parts(); part++) {
            DirectoryRoot.PartRef ref = directory.root().parts().get(part);
            addKey(ref.object());
            if (seen.add(ref)) {
                directory.placesOf(part).forEach(place -> addKey(place.pack()));
            }
        }
    }

    private void addKey(String key) {
        if (key.startsWith(folder)) {
            keys.add(key);
        }
    }

    boolean has(String key) {
        return keys.contains(key);
    }

    /** Bytes of images in each pack of the history that the directory leads to. */
    Map<String, Long> liveBytes(PageDirectory directory) {
        Map<String, Long> live = new HashMap<>();
        for (int part = 0; part < directory.parts(); part++) {
            for (PagePlace place : directory.placesOf(part)) {
                if (place.pack().startsWith(folder)) {
                    live.merge(place.pack(), (long) place.length(), Long::sum);
                }
            }
        }
        return live;
    }
}
