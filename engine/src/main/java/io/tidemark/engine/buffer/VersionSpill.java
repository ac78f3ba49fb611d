package io.tidemark.engine.buffer;

import io.tidemark.engine.io.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file for page versions of one long-lived snapshot that memory has no room for, at most one version of each page. It
 * is scratch: never synced, of no use after a crash. Versions that nobody will read are dropped instead. A file that
 * cannot be written costs the snapshot, and nothing else. Thread-safe.
 */
public final class VersionSpill {
    private static final Logger LOG = LoggerFactory.getLogger(VersionSpill.class);

    private final DiskFile file;
    private final long above;
    private final Map<Long, Long> offsets = new HashMap<>();
    private long end;
    private long read;

    /**
     * @param file of this snapshot alone; not closed here
     * @param above versions of entries at or below this LSN will not be read
     */
    public VersionSpill(DiskFile file, long above) {
        this.file = file;
        this.above = above;
    }

    /** Pages below this id have been read, and will not be read again. */
    public synchronized void readBelow(long pageId) {
        read = pageId;
    }

    /** Whether the version must be kept in memory, or here: it will be read, and is not here. */
    synchronized boolean wants(Frame version) {
        return version.from > above && version.pageId >= read && !offsets.containsKey(version.pageId);
    }

    /** Takes over a version that will soon not be the newest, or is not; false when the file cannot be written. */
    synchronized boolean keep(Frame version) {
        if (!wants(version)) {
            return true;
        }
        ByteBuffer page = version.page.duplicate().clear();
        int bytes = page.remaining();
        try {
            file.write(page, end);
        } catch (IOException e) {
            LOG.warn("page versions for a snapshot cannot be written, it ends: {}", e.toString());
            return false;
        }
        offsets.put(version.pageId, end);
        end += bytes;
        return true;
    }

    /** Fills the target with the version that was kept; false when there is none. */
    public synchronized boolean read(long pageId, ByteBuffer target) throws IOException {
        Long offset = offsets.get(pageId);
        if (offset == null) {
            return false;
        }
        int wanted = target.remaining();
        int got = file.read(target, offset);
        if (got != wanted) {
            throw new IOException(got + " bytes of " + wanted + " at offset " + offset);
        }
        return true;
    }

    /** Bytes in the file. */
    public synchronized long bytes() {
        return end;
    }
}
