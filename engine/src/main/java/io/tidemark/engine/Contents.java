package io.tidemark.engine;

import io.tidemark.engine.StorageEngine.ContentsDigest;
import io.tidemark.engine.StorageEngine.Row;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.log.Version;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Digests of all that users have stored: for each keyspace that has records, by name, its name (length 4, UTF-8) and its
 * number of records (8) after them; for each record, by key, key and value (each length 4, bytes), version LSN 8, index 4.
 * Big-endian, SHA-256. The last ones that the log asked for are remembered.
 */
final class Contents {
    private static final int REMEMBERED = 64;

    private final boolean threaded;
    private final Map<Long, CompletableFuture<ContentsDigest>> observed = new LinkedHashMap<>();

    /**
     * @param threaded whether digests that the log asks for are computed beside applying
     */
    Contents(boolean threaded) {
        this.threaded = threaded;
    }

    /** Computes the digest of a snapshot, closes it, and remembers the digest by its LSN. */
    void observe(Snapshot snapshot) {
        CompletableFuture<ContentsDigest> digest = new CompletableFuture<>();
        synchronized (observed) {
            observed.put(snapshot.lsn(), digest);
            if (observed.size() > REMEMBERED) {
                observed.remove(observed.keySet().iterator().next());
            }
        }
        if (threaded) {
            Thread thread = new Thread(() -> compute(snapshot, digest), "engine-contents-" + snapshot.lsn());
            thread.setDaemon(true);
            thread.start();
        } else {
            compute(snapshot, digest);
        }
    }

    private static void compute(Snapshot snapshot, CompletableFuture<ContentsDigest> digest) {
        try (snapshot) {
            digest.complete(snapshot.contents());
        } catch (RuntimeException | Error e) {
            digest.completeExceptionally(e);
        }
    }

    /** The digest observed at this LSN, waited for while it is being computed; fails as that did. */
    Optional<ContentsDigest> at(long lsn) {
        CompletableFuture<ContentsDigest> digest;
        synchronized (observed) {
            digest = observed.get(lsn);
        }
        if (digest == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(digest.join());
        } catch (CompletionException e) {
            if (e.getCause() instanceof TidemarkException failure) {
                throw new TidemarkException(failure.kind(), failure.getMessage(), failure);
            }
            throw e;
        }
    }

    static ContentsDigest digest(Snapshot snapshot) {
        Digesting digesting = new Digesting();
        for (String keyspace : snapshot.keyspaces()) {
            digesting.keyspace(snapshot, keyspace);
        }
        return digesting.end(snapshot.lsn());
    }

    private static final class Digesting {
        private final MessageDigest sha256 = sha256();
        private final ByteBuffer fixed = ByteBuffer.allocate(16);
        private long keys;
        private long bytes;

        void keyspace(Snapshot snapshot, String name) {
            long before = keys;
            try (Cursor cursor = snapshot.open(name, null, null, Direction.FORWARD)) {
                while (cursor.next()) {
                    if (keys == before) {
                        prefixed(name.getBytes(StandardCharsets.UTF_8));
                    }
                    record(cursor.row());
                }
            }
            if (keys > before) {
                update(fixed.putLong(keys - before));
            }
        }

        private void record(Row row) {
            keys++;
            bytes += row.key().length + row.value().length;
            prefixed(row.key());
            prefixed(row.value());
            Version version = row.version();
            update(fixed.putLong(version.lsn()).putInt(version.index()));
        }

        private void prefixed(byte[] content) {
            update(fixed.putInt(content.length));
            sha256.update(content);
        }

        private void update(ByteBuffer filled) {
            sha256.update(filled.array(), 0, filled.position());
            filled.clear();
        }

        ContentsDigest end(long lsn) {
            return new ContentsDigest(lsn, HexFormat.of().formatHex(sha256.digest()), keys, bytes);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
