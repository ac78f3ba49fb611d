package io.tidemark.shipper.pack;

import io.tidemark.shipper.pack.DirectoryRoot.PartRef;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** The parts of directories that were used last, as many as have room. Thread-safe. */
final class PartsInMemory {
    private final long bytesMax;
    private final Map<PartRef, DirectoryPart> parts = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    /** @param bytesMax together; the one used last stays, whatever it takes */
    PartsInMemory(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** The part, read if it is not here; two threads may both read it. */
    DirectoryPart get(PartRef ref, Supplier<DirectoryPart> read) {
        synchronized (parts) {
            DirectoryPart known = parts.get(ref);
            if (known != null) {
                return known;
            }
        }
        DirectoryPart part = read.get();
        synchronized (parts) {
            if (parts.put(ref, part) == null) {
                bytes += part.bytes();
            }
            Iterator<DirectoryPart> eldest = parts.values().iterator();
            while (bytes > bytesMax && parts.size() > 1) {
                bytes -= eldest.next().bytes();
                eldest.remove();
            }
        }
        return part;
    }
}
