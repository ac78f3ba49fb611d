package io.tidemark.bench.peer;

import java.nio.file.Path;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.CompressionType;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteBufferManager;
import org.rocksdb.WriteOptions;

/** RocksDB by its JNI binding. */
final class RocksDbPeer implements KeyValueEngine {
    private static final int BLOOM_BITS = 10;
    private static final int BACKGROUND_THREADS = 2;
    private static final long MEMTABLE_BYTES_MAX = 64 << 20;

    /** By default a small cache has sixteen parts, and a filter that outgrows its part is read again for each key. */
    private static final int ONE_SHARD = 0;

    static {
        RocksDB.loadLibrary();
    }

    private final Cache cache;
    private final WriteBufferManager writeBuffers;
    private final Options options;
    private final BloomFilter bloom = new BloomFilter(BLOOM_BITS);
    private final WriteOptions logged = new WriteOptions();
    private final WriteOptions synced = new WriteOptions().setSync(true);
    private final ReadOptions reads = new ReadOptions();
    private final RocksDB store;
    // Not empty: the binding cannot copy into nothing.
    private byte[] scannedKey = new byte[1];
    private byte[] scannedValue = new byte[1];

    RocksDbPeer(Path directory, Memory memory) {
        cache = new LRUCache(memory.bytes(), ONE_SHARD);
        writeBuffers = new WriteBufferManager(memory.forWrites(), cache);
        options = new Options()
                .setCreateIfMissing(true)
                .setManualWalFlush(true)
                .setCompressionType(CompressionType.NO_COMPRESSION)
                .setBottommostCompressionType(CompressionType.NO_COMPRESSION)
                .setWriteBufferManager(writeBuffers)
                .setWriteBufferSize(Math.min(MEMTABLE_BYTES_MAX, memory.forWrites() / 2))
                .setMaxBackgroundJobs(BACKGROUND_THREADS)
                .setTableFormatConfig(new BlockBasedTableConfig()
                        .setBlockCache(cache)
                        .setFilterPolicy(bloom)
                        .setCacheIndexAndFilterBlocks(true)
                        .setPinL0FilterAndIndexBlocksInCache(true));
        try {
            store = RocksDB.open(options, directory.toString());
        } catch (RocksDBException e) {
            throw new IllegalStateException("cannot open RocksDB in " + directory, e);
        }
    }

    @Override
    public void put(byte[] key, byte[] value) {
        try {
            store.put(logged, key, value);
        } catch (RocksDBException e) {
            throw failed(e);
        }
    }

    @Override
    public int get(byte[] key, byte[] target) {
        try {
            int length = store.get(reads, key, target);
            return length == RocksDB.NOT_FOUND ? ABSENT : length;
        } catch (RocksDBException e) {
            throw failed(e);
        }
    }

    @Override
    public void delete(byte[] key) {
        try {
            store.delete(logged, key);
        } catch (RocksDBException e) {
            throw failed(e);
        }
    }

    @Override
    public void scan(Direction direction, RowSink sink) {
        boolean forward = direction == Direction.FORWARD;
        try (RocksIterator rows = store.newIterator(reads)) {
            if (forward) {
                rows.seekToFirst();
            } else {
                rows.seekToLast();
            }
            while (rows.isValid()) {
                int length = value(rows);
                if (!sink.row(key(rows), scannedValue, length)) {
                    return;
                }
                if (forward) {
                    rows.next();
                } else {
                    rows.prev();
                }
            }
            rows.status();
        } catch (RocksDBException e) {
            throw failed(e);
        }
    }

    /** The array is made anew only when keys change their length. */
    private byte[] key(RocksIterator rows) {
        int length = rows.key(scannedKey);
        if (length != scannedKey.length) {
            scannedKey = new byte[length];
            rows.key(scannedKey);
        }
        return scannedKey;
    }

    private int value(RocksIterator rows) {
        int length = rows.value(scannedValue);
        if (length > scannedValue.length) {
            scannedValue = new byte[length];
            rows.value(scannedValue);
        }
        return length;
    }

    @Override
    public void transaction(byte[][] keys, byte[][] values) {
        try (WriteBatch batch = new WriteBatch()) {
            for (int i = 0; i < keys.length; i++) {
                batch.put(keys[i], values[i]);
            }
            store.write(synced, batch);
        } catch (RocksDBException e) {
            throw failed(e);
        }
    }

    @Override
    public void sync() {
        try {
            store.flushWal(true);
        } catch (RocksDBException e) {
            throw failed(e);
        }
    }

    private static IllegalStateException failed(RocksDBException e) {
        return new IllegalStateException("RocksDB: " + e.getMessage(), e);
    }

    @Override
    public void close() {
        store.close();
        options.close();
        bloom.close();
        writeBuffers.close();
        cache.close();
        logged.close();
        synced.close();
        reads.close();
    }
}
