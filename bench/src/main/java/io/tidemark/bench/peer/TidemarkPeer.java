package io.tidemark.bench.peer;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.engine.Cursor;
import io.tidemark.engine.Engine;
import io.tidemark.engine.EngineOptions;
import io.tidemark.engine.Snapshot;
import io.tidemark.engine.StorageEngine;
import io.tidemark.engine.error.Halt;
import io.tidemark.engine.log.Command;
import io.tidemark.engine.log.Entry;
import io.tidemark.engine.log.EntryCodec;
import io.tidemark.engine.log.EntryKind;
import io.tidemark.engine.log.LogEntry;
import io.tidemark.engine.log.Operation;
import io.tidemark.engine.log.Operation.Delete;
import io.tidemark.engine.log.Operation.Put;
import io.tidemark.engine.log.Precondition;
import io.tidemark.engine.standalone.Durability;
import io.tidemark.engine.standalone.Store;
import io.tidemark.engine.standalone.StoreOptions;
import io.tidemark.engine.standalone.WriteBatch;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Tidemark's engine: single writes log-authoritative, this class being the log; transactions by the standalone store over it. */
public final class TidemarkPeer implements KeyValueEngine {
    private static final String KEYSPACE = "bench";
    private static final long TERM = 1;

    /** An entry of ten puts may change some 200 pages; a smaller limit lets a small pool be opened. */
    private static final int ENTRY_PAGES_MAX = 256;

    private final Engine engine;
    private final Store store;
    private ByteBuffer wrapped = ByteBuffer.allocate(0);

    public TidemarkPeer(Path directory, Memory memory) {
        this(directory, options(memory), new MetricRegistry());
    }

    /** @param metrics where the engine counts */
    public TidemarkPeer(Path directory, EngineOptions options, MetricRegistry metrics) {
        engine = Engine.open(directory, options, metrics, Halt.THROW);
        store = Store.open(engine, StoreOptions.of(options), System::currentTimeMillis);
    }

    private static EngineOptions options(Memory memory) {
        return options(memory, EngineOptions.defaults().redoBytesMax());
    }

    /** Default options but for the pool and the bound of redo. */
    public static EngineOptions options(Memory memory, long redoBytesMax) {
        return EngineOptions.builder()
                .maxEntryPages(ENTRY_PAGES_MAX)
                .poolBytes(memory.bytes())
                .redoBytesMax(redoBytesMax)
                .build();
    }

    @Override
    public void put(byte[] key, byte[] value) {
        apply(List.of(command(key, value)));
    }

    /** The encoded entry holds a copy of both, so neither is kept. */
    private static Command command(byte[] key, byte[] value) {
        return Command.of(new Put(KEYSPACE, key, value, Precondition.NONE));
    }

    private void apply(List<Command> commands) {
        byte[] payload = EntryCodec.encode(new Entry(0, commands));
        long lsn = engine.state().applied() + 1;
        engine.apply(new LogEntry(lsn, TERM, EntryKind.COMMANDS, payload));
    }

    @Override
    public int get(byte[] key, byte[] target) {
        if (wrapped.array() != target) {
            wrapped = ByteBuffer.wrap(target);
        }
        int length = engine.getInto(KEYSPACE, key, wrapped.clear());
        return length == StorageEngine.ABSENT ? ABSENT : length;
    }

    @Override
    public void delete(byte[] key) {
        Operation delete = new Delete(KEYSPACE, key, Precondition.NONE);
        apply(List.of(Command.of(delete)));
    }

    @Override
    public void scan(Direction direction, RowSink sink) {
        var order = direction == Direction.FORWARD
                ? io.tidemark.engine.Direction.FORWARD
                : io.tidemark.engine.Direction.BACKWARD;
        LentRows lent = new LentRows(sink);
        try (Snapshot snapshot = engine.snapshot();
                Cursor cursor = snapshot.open(KEYSPACE, null, null, order)) {
            boolean more = cursor.next();
            while (more) {
                more = lent.row(cursor.key(), cursor.value()) && cursor.next();
            }
        }
    }

    @Override
    public void transaction(byte[][] keys, byte[][] values) {
        WriteBatch batch = new WriteBatch();
        for (int i = 0; i < keys.length; i++) {
            batch.put(KEYSPACE, keys[i], values[i]);
        }
        store.write(batch, Durability.SYNC);
    }

    /** Sets all these keys by one entry, which is not synced. */
    public void putTogether(byte[][] keys, byte[][] values) {
        List<Command> commands = new ArrayList<>(keys.length);
        for (int i = 0; i < keys.length; i++) {
            commands.add(command(keys[i], values[i]));
        }
        apply(commands);
    }

    @Override
    public void sync() {
        engine.requestSync().join();
    }

    /** The engine itself, for what only it can tell. */
    public Engine engine() {
        return engine;
    }

    @Override
    public void close() {
        store.close();
    }
}
