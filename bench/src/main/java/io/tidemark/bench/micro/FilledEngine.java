package io.tidemark.bench.micro;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.engine.Engine;
import io.tidemark.engine.EngineOptions;
import io.tidemark.engine.StorageEngine;
import io.tidemark.engine.error.Halt;
import io.tidemark.engine.log.Command;
import io.tidemark.engine.log.Entry;
import io.tidemark.engine.log.EntryCodec;
import io.tidemark.engine.log.EntryKind;
import io.tidemark.engine.log.LogEntry;
import io.tidemark.engine.log.Operation.Put;
import io.tidemark.engine.log.Precondition;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** An engine with 100,000 keys of 16 bytes, each with a value of 128 bytes, and entries ready to apply. */
@State(Scope.Benchmark)
public class FilledEngine {
    static final String KEYSPACE = "bench";
    static final int KEYS = 100_000;
    static final int BATCH = 100;

    private static final int VALUE_BYTES = 128;
    private static final int PREPARED = 2048;
    private static final long SEED = 7;

    private final Random random = new Random(SEED);
    private Path directory;
    private StorageEngine engine;
    private long lsn;
    private byte[][] singles;
    private byte[][] batches;
    private int turn;

    @Setup(Level.Trial)
    public void open() throws IOException {
        directory = Files.createTempDirectory("tidemark-micro");
        engine = Engine.open(directory, EngineOptions.defaults(), new MetricRegistry(), Halt.THROW);
        for (int first = 0; first < KEYS; first += BATCH) {
            List<Command> commands = new ArrayList<>();
            for (int key = first; key < first + BATCH; key++) {
                commands.add(put(key));
            }
            apply(EntryCodec.encode(new Entry(0, commands)));
        }
        singles = prepared(1);
        batches = prepared(BATCH);
    }

    private byte[][] prepared(int commandsPerEntry) {
        byte[][] payloads = new byte[PREPARED][];
        for (int i = 0; i < PREPARED; i++) {
            List<Command> commands = new ArrayList<>();
            for (int c = 0; c < commandsPerEntry; c++) {
                commands.add(put(random.nextInt(KEYS)));
            }
            payloads[i] = EntryCodec.encode(new Entry(0, commands));
        }
        return payloads;
    }

    private Command put(int key) {
        byte[] value = new byte[VALUE_BYTES];
        random.nextBytes(value);
        return Command.of(new Put(KEYSPACE, key(key), value, Precondition.NONE));
    }

    /** {@code key-000000000042}: digits alone, cheap enough to be made within a measured call. */
    static byte[] key(int key) {
        byte[] bytes = "key-000000000000".getBytes(StandardCharsets.US_ASCII);
        int rest = key;
        for (int i = bytes.length - 1; rest > 0; i--, rest /= 10) {
            bytes[i] = (byte) ('0' + rest % 10);
        }
        return bytes;
    }

    Object applySingle() {
        return apply(singles[turn++ & (PREPARED - 1)]);
    }

    Object applyBatch() {
        return apply(batches[turn++ & (PREPARED - 1)]);
    }

    private Object apply(byte[] payload) {
        return engine.apply(new LogEntry(lsn++, 1, EntryKind.COMMANDS, payload));
    }

    StorageEngine engine() {
        return engine;
    }

    @TearDown(Level.Trial)
    public void close() throws IOException {
        engine.close();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
