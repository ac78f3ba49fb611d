package io.tidemark.recovery.crash;

import io.tidemark.engine.Engine;
import io.tidemark.engine.EngineFiles;
import io.tidemark.engine.error.Halt;
import io.tidemark.engine.error.ProcessHalt;
import io.tidemark.engine.error.TidemarkException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;

/** What other processes of these tests do: apply the small store's log on real files, or open damaged ones. */
final class ChildStore {
    /** Exit code when an error had a name and the process did not halt. */
    static final int NAMED_ERROR = 3;

    private static final int SECTOR_BYTES = 512;

    private final SmallStore small = new SmallStore();

    private ChildStore() {}

    public static void main(String[] words) {
        ChildStore child = new ChildStore();
        switch (words[0]) {
            case "chains" -> child.tellChains();
            case "apply" -> child.apply(Path.of(words[1]));
            case "damaged" ->
                child.openDamaged(
                        words[1],
                        Path.of(words[2]),
                        Path.of(words[3]),
                        Long.parseLong(words[4]),
                        Integer.parseInt(words[5]));
            default -> throw new IllegalArgumentException(words[0]);
        }
        System.exit(0);
    }

    /** What an engine of another process must have, too. */
    static List<String> chains(SmallStore small) {
        Reference reference = small.script.reference();
        return Stream.iterate(0L, lsn -> lsn <= small.script.last(), lsn -> lsn + 1)
                .map(lsn -> Long.toHexString(reference.chain(lsn)) + " " + reference.pages(lsn))
                .toList();
    }

    private void tellChains() {
        chains(small).forEach(System.out::println);
    }

    /** The whole log, telling what is durable; exits as a process does that meets a failing disk. */
    private void apply(Path directory) {
        try {
            Engine engine = small.fill(() -> tell(open(directory, new ProcessHalt())));
            engine.checkpoint();
            tell(engine);
            engine.close();
        } catch (TidemarkException | CompletionException e) {
            System.out.println("error " + e);
            System.exit(NAMED_ERROR);
        }
    }

    private static Engine tell(Engine engine) {
        System.out.println("durable " + engine.durableLsn());
        return engine;
    }

    private Engine open(Path directory, Halt halt) {
        return small.openReal(directory, halt);
    }

    /** Damages the table's file at each position from one on, opens the store and tells what it was told. */
    private void openDamaged(String damage, Path safe, Path work, long from, int stride) {
        try {
            Path table = new EngineFiles(work).table().resolve("data.mdb");
            copy(safe, work);
            long bytes = Files.size(table);
            for (long at = from; at < bytes; at += stride) {
                copy(safe, work);
                damage(damage, table, at);
                System.out.println("at " + at);
                System.out.println("told " + small.ask(() -> open(work, Halt.THROW)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void damage(String damage, Path file, long at) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            switch (damage) {
                case "flip" -> {
                    ByteBuffer one = ByteBuffer.allocate(1);
                    channel.read(one, at);
                    one.put(0, (byte) (one.get(0) ^ 1 << at % 8)).rewind();
                    channel.write(one, at);
                }
                case "zero" -> channel.write(ByteBuffer.allocate(SECTOR_BYTES), at);
                case "cut" -> channel.truncate(at);
                default -> throw new IllegalArgumentException(damage);
            }
        }
    }

    static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path each : all.toList()) {
                Path target = to.resolve(from.relativize(each).toString());
                if (Files.isDirectory(each)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(each, target, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }
}
