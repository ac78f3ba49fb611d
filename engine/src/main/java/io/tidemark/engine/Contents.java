package io.tidemark.engine;

import io.tidemark.engine.StorageEngine.ContentsDigest;
import io.tidemark.engine.btree.Catalog;
import io.tidemark.engine.btree.TreeReader;
import io.tidemark.engine.buffer.Use;
import io.tidemark.engine.log.Version;
import io.tidemark.engine.state.Trees.Stored;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Digests of all that users have stored: for each keyspace that has records, by name, its name (length 4, UTF-8) and its
 * number of records (8) after them; for each record, by key, key and value (each length 4, bytes), version LSN 8, index 4.
 * Big-endian, SHA-256. The last ones that the log asked for are remembered.
 */
final class Contents {
    private static final int REMEMBERED = 64;

    private final Gate gate;
    private final Catalog catalog;
    private final TreeReader trees;
    private final LongSupplier applied;
    private final Map<Long, ContentsDigest> observed = new LinkedHashMap<>();

    Contents(Gate gate, Catalog catalog, TreeReader trees, LongSupplier applied) {
        this.gate = gate;
        this.catalog = catalog;
        this.trees = trees;
        this.applied = applied;
    }

    /** Digest of the state now, and remembers it by its LSN. */
    ContentsDigest observe() {
        ContentsDigest digest = digest();
        synchronized (observed) {
            observed.put(digest.lsn(), digest);
            if (observed.size() > REMEMBERED) {
                observed.remove(observed.keySet().iterator().next());
            }
        }
        return digest;
    }

    Optional<ContentsDigest> at(long lsn) {
        synchronized (observed) {
            return Optional.ofNullable(observed.get(lsn));
        }
    }

    ContentsDigest digest() {
        return gate.read(() -> {
            Digesting digesting = new Digesting();
            for (String name : catalog.keyspaces()) {
                digesting.keyspace(name);
            }
            return digesting.end();
        });
    }

    private final class Digesting {
        private final MessageDigest sha256 = sha256();
        private final ByteBuffer fixed = ByteBuffer.allocate(16);
        private long keys;
        private long bytes;

        void keyspace(String name) {
            long before = keys;
            trees.scan(catalog.root(name), null, null, (key, leaf, slot) -> {
                if (keys == before) {
                    prefixed(name.getBytes(StandardCharsets.UTF_8));
                }
                record(key, trees.stored(leaf, slot, Use.SCAN));
                return true;
            });
            if (keys > before) {
                update(fixed.putLong(keys - before));
            }
        }

        private void record(byte[] key, Stored stored) {
            keys++;
            bytes += key.length + stored.value().length;
            prefixed(key);
            prefixed(stored.value());
            Version version = stored.version();
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

        ContentsDigest end() {
            return new ContentsDigest(applied.getAsLong(), HexFormat.of().formatHex(sha256.digest()), keys, bytes);
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
