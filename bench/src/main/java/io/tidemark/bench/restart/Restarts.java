package io.tidemark.bench.restart;

import io.tidemark.bench.process.Await;
import io.tidemark.bench.process.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Makes a store, kills its process, and opens it: with its files in the page cache, and without. */
public final class Restarts {
    /** Names of the child commands; arguments follow as {@link RestartCase#arguments}. */
    public static final String MAKE = "restart-make";

    public static final String OPEN = "restart-open";

    private static final String CACHED = "cached";
    private static final String COLD = "cold";
    private static final long HEAP_BYTES = 512 << 20;

    private final Class<?> main;
    private final Duration limit;

    /**
     * @param main knows the commands
     * @param limit of each process
     */
    public Restarts(Class<?> main, Duration limit) {
        this.main = main;
        this.limit = limit;
    }

    /**
     * @param cached files in the page cache, left there by the process that was killed
     * @param seconds from open to the first answer
     * @param blocks of the WAL redone
     * @param walBytes that they take
     * @param pagesRead into the pool meanwhile
     * @param pages of the store: rows of the page table, each read and checked
     * @param rows found right afterwards
     * @param shares where the time went
     */
    public record Restart(
            RestartCase of,
            boolean cached,
            double seconds,
            long blocks,
            long walBytes,
            long pagesRead,
            long pages,
            long rows,
            String shares) {}

    /**
     * @param progress gets each restart as soon as it is known
     * @throws IllegalStateException with the end of the child's log when a process ends too early or takes too long
     */
    public List<Restart> run(RestartCase restart, Consumer<Restart> progress) throws IOException {
        Files.createDirectories(restart.directory());
        Map<String, String> made = killed(restart, MAKE, restart.arguments(), StoreMaker.notebook(restart)::read);
        List<Restart> restarts = new ArrayList<>();
        for (String label : List.of(CACHED, COLD)) {
            if (label.equals(COLD) && !dropFromPageCache(restart.store())) {
                continue;
            }
            List<String> arguments = new ArrayList<>(restart.arguments());
            arguments.add(label);
            Map<String, String> opened = killed(restart, OPEN, arguments, StoreOpener.notebook(restart, label)::read);
            Restart found = new Restart(
                    restart,
                    label.equals(CACHED),
                    Long.parseLong(opened.get("nanos")) / 1e9,
                    Long.parseLong(made.get("blocks")),
                    Long.parseLong(made.get("wal.bytes")),
                    Long.parseLong(opened.get("pages.read")),
                    Long.parseLong(opened.get("pages")),
                    Long.parseLong(opened.get("rows")),
                    opened.get("shares"));
            restarts.add(found);
            progress.accept(found);
        }
        return restarts;
    }

    /** Runs a process until its notes are there, and kills it. */
    private Map<String, String> killed(
            RestartCase restart, String command, List<String> arguments, Supplier<Optional<Map<String, String>>> notes)
            throws IOException {
        Path log = restart.directory().resolve(command + ".log");
        List<String> whole = new ArrayList<>(List.of(command));
        whole.addAll(arguments);
        long heap = HEAP_BYTES + restart.records();
        ChildJvm child = ChildJvm.start(
                List.of("-Xmx" + (heap >> 20) + "m", "-XX:+UseParallelGC", "-Djava.io.tmpdir=" + restart.directory()),
                main,
                whole,
                log);
        try {
            Await.holdsWithin(limit, () -> notes.get().isPresent() || !child.isAlive());
            return notes.get()
                    .orElseThrow(() -> new IllegalStateException(
                            command + " has not got there within " + limit.toSeconds() + " s; its log: " + log(log)));
        } finally {
            child.kill();
        }
    }

    private static String log(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return "unreadable: " + e.getMessage();
        }
    }

    /** False when the system cannot. */
    private static boolean dropFromPageCache(Path store) throws IOException {
        List<Path> files;
        try (Stream<Path> walk = Files.walk(store)) {
            files = walk.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            Process dd = new ProcessBuilder(
                            "dd", "of=" + file, "oflag=nocache", "conv=notrunc,fdatasync", "count=0", "status=none")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try {
                if (dd.waitFor() != 0) {
                    return false;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }
}
