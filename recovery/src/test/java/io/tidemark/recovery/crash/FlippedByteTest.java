package io.tidemark.recovery.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.engine.Engine;
import io.tidemark.engine.EngineFiles;
import io.tidemark.engine.EngineOptions;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.Halt;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.io.CrashMode;
import io.tidemark.engine.io.SimulatedDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Bits turned under an open engine, and in real files: reading or opening says CORRUPT, or nothing that is read has
 * changed. (Every byte of every file: {@link CorruptionTest}. Segments and manifests: every bit, in the tests of their
 * formats in the module {@code shipper}. Rows of the page table: every byte, in {@code StoreFormatTest} of the engine.)
 */
class FlippedByteTest {
    private static final Path PAGES = StoreOnDisk.FILES.pages();

    private final Random random = new Random(7);
    private final StoreOnDisk store = StoreOnDisk.random(new Random(4));
    private final LogScript script = new LogScript(new Random(11), 40, 25, 3_000, store);
    private final Expected expected = new Expected(script);
    private final SimulatedDisk disk = new SimulatedDisk();

    private Engine wholeLog() {
        Engine engine = store.open(disk);
        for (long lsn = 0; lsn <= script.last(); lsn++) {
            engine.apply(script.entry(lsn));
            if (lsn % 5 == 0) {
                engine.flushStep();
            }
        }
        return engine;
    }

    @Test
    void aByteFlippedUnderAnOpenEngineIsNeverServed() throws IOException {
        wholeLog().close();
        long bytes = disk.open(PAGES).size();
        int refusals = 0;
        for (int n = 0; n < 300; n++) {
            SimulatedDisk image = disk.crashImage(CrashMode.ALL, random);
            Engine engine = store.open(image);
            for (int flips = 0; flips < 3; flips++) {
                image.flipBit(PAGES, random.nextInt((int) bytes), random.nextInt(8));
            }
            for (String space : script.model(script.last()).committed().keySet()) {
                refusals += readEachKey(engine, space);
            }
            engine.abandon();
        }
        assertTrue(refusals > 300, refusals + " refusals");
    }

    private int readEachKey(Engine engine, String space) {
        int refusals = 0;
        for (var held : script.model(script.last()).committed().get(space).entrySet()) {
            try {
                byte[] found = engine.get(space, held.getKey().getBytes(StandardCharsets.ISO_8859_1))
                        .orElseThrow()
                        .value();
                assertEquals(held.getValue().value(), ByteBuffer.wrap(found), held.getKey());
            } catch (TidemarkException e) {
                assertEquals(ErrorKind.CORRUPT, e.kind(), e.toString());
                refusals++;
            }
        }
        return refusals;
    }

    @Test
    void onRealFilesWithLmdbAFlippedByteIsRefusedOrMeansNothing(@TempDir Path directory) throws IOException {
        EngineFiles files = new EngineFiles(directory.resolve("engine"));
        Engine engine = openReal(files);
        for (long lsn = 0; lsn <= script.last(); lsn++) {
            engine.apply(script.entry(lsn));
        }
        engine.close();
        Path safe = directory.resolve("safe");
        copy(files.directory(), safe);
        List<Path> targets;
        try (Stream<Path> wal = Files.list(files.wal())) {
            targets = Stream.concat(
                            Stream.of(files.pages()),
                            wal.filter(file -> file.toString().endsWith(".wal")))
                    .toList();
        }
        int refused = 0;
        for (int n = 0; n < 60; n++) {
            Path target = targets.get(n % 2 == 0 ? 0 : random.nextInt(targets.size()));
            flip(target);
            refused += realReadsAll(files, "flip " + n + " in " + target) ? 0 : 1;
            copy(safe, files.directory());
        }
        assertTrue(realReadsAll(files, "the copy"));
        assertTrue(refused > 10, refused + " refused");
    }

    private Engine openReal(EngineFiles files) {
        EngineOptions options = store.options();
        return Engine.open(files.directory(), options, new MetricRegistry(), Halt.THROW);
    }

    private boolean realReadsAll(EngineFiles files, String where) {
        Engine engine = null;
        try {
            engine = openReal(files);
            assertEquals(script.last(), engine.state().applied(), where);
            expected.checkState(engine);
            return true;
        } catch (TidemarkException e) {
            assertEquals(ErrorKind.CORRUPT, e.kind(), where + ": " + e);
            return false;
        } finally {
            if (engine != null) {
                engine.abandon();
            }
        }
    }

    private void flip(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            long at = (long) (random.nextDouble() * channel.size());
            channel.read(one, at);
            one.put(0, (byte) (one.get(0) ^ 1 << random.nextInt(8))).rewind();
            channel.write(one, at);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path each : all.toList()) {
                Path target = to.resolve(from.relativize(each));
                if (Files.isDirectory(each)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(each, target, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }
}
