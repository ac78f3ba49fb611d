package io.tidemark.daemon.files;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Loads a tree or lines of JSON. Looks at everything first and refuses all of it when a part cannot be stored, unless
 * that part may be left out. One thread reads, many writes are in flight; memory is bounded by what the writes admit.
 */
public final class Load {
    private final LoadLimits limits;
    private final boolean leaveOutRefused;
    private final InFlight inFlight;
    private Refusals skipped = new Refusals();
    private Refusals refused = new Refusals();
    private long links;
    private long emptyDirectories;

    /**
     * @param leaveOutRefused load the rest when a part cannot be stored
     */
    public Load(Writes writes, LoadLimits limits, boolean leaveOutRefused, LoadProgress progress) {
        this.limits = limits;
        this.leaveOutRefused = leaveOutRefused;
        this.inFlight = new InFlight(writes, progress);
    }

    /** Every file below the directory. */
    public LoadReport tree(Path root) throws IOException {
        Tree tree = new Tree(root);
        Check check = new Check();
        tree.walk(check);
        requireNone("files");
        inFlight.expect(check.count, check.bytes);
        startOver();
        tree.walk(new Store());
        return report();
    }

    /** Every line of the file. */
    public LoadReport lines(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            new NdjsonRecords(in, limits).forEach((number, record) -> {}, this::refuse);
        }
        requireNone("lines");
        startOver();
        try (InputStream in = Files.newInputStream(file)) {
            new NdjsonRecords(in, limits).forEach(this::store, this::leaveOut);
        }
        return report();
    }

    /** Every line of a stream that can be read only once: what comes before a line that cannot be stored, is stored. */
    public LoadReport stream(InputStream in) throws IOException {
        new NdjsonRecords(in, limits).forEach(this::store, this::leaveOut);
        return report();
    }

    private void store(long number, NdjsonRecord record) {
        inFlight.put("line " + number, record.key(), record.value());
    }

    private void refuse(long number, String why) {
        refused.add("line " + number, why);
    }

    private void leaveOut(long number, String why) {
        leaveOut("line " + number, why);
    }

    /** Past the first look: counts what may be left out, and stops at what may not. */
    private void leaveOut(String where, String why) {
        refused.add(where, why);
        if (!leaveOutRefused) {
            inFlight.fail(where, new TidemarkException(ErrorKind.INVALID, why));
        }
    }

    private LoadReport report() {
        inFlight.finish();
        return new LoadReport(
                inFlight.stored(), inFlight.bytes(), inFlight.lastLsn(), links, emptyDirectories, skipped, refused);
    }

    private void requireNone(String what) {
        if (refused.count() > 0 && !leaveOutRefused) {
            throw new TidemarkException(
                    ErrorKind.INVALID,
                    "nothing was stored, because " + refused.count() + " " + what + " cannot be:\n  "
                            + String.join("\n  ", refused.lines())
                            + "\nCorrect them, or load the rest with --skip-refused.");
        }
    }

    /** The second look counts for itself: files may have changed since. */
    private void startOver() {
        skipped = new Refusals();
        refused = new Refusals();
    }

    /** The first walk: counts, and finds what cannot be stored. */
    private final class Check implements TreeVisitor {
        private long count;
        private long bytes;

        @Override
        public void file(byte[] key, Path path, long size, boolean link) {
            count(key, path, size);
        }

        @Override
        public void emptyDirectory(byte[] key, Path path) {
            count(key, path, 0);
        }

        @Override
        public void skipped(byte[] key, Path path, String why) {}

        @Override
        public void unreadable(byte[] key, Path path, String why) {
            refused.add(path.toString(), why);
        }

        private void count(byte[] key, Path path, long size) {
            Optional<String> whyNot = limits.whyNot(key, size);
            if (whyNot.isPresent()) {
                refused.add(path.toString(), whyNot.get());
            } else {
                count++;
                bytes += size;
            }
        }
    }

    /** The second walk: stores. */
    private final class Store implements TreeVisitor {
        @Override
        public void file(byte[] key, Path path, long size, boolean link) {
            byte[] value;
            try (InputStream in = Files.newInputStream(path)) {
                value = in.readNBytes(Math.toIntExact(limits.valueBytesMax() + 1));
            } catch (IOException e) {
                leaveOut(path.toString(), Tree.why(e));
                return;
            }
            // A file that grew since its size was read is as long as what was read of it now.
            if (put(key, path, value, Math.max(size, value.length)) && link) {
                links++;
            }
        }

        @Override
        public void emptyDirectory(byte[] key, Path path) {
            if (put(key, path, new byte[0], 0)) {
                emptyDirectories++;
            }
        }

        @Override
        public void skipped(byte[] key, Path path, String why) {
            skipped.add(path.toString(), why);
        }

        @Override
        public void unreadable(byte[] key, Path path, String why) {
            leaveOut(path.toString(), why);
        }

        private boolean put(byte[] key, Path path, byte[] value, long size) {
            Optional<String> whyNot = limits.whyNot(key, size);
            if (whyNot.isPresent()) {
                leaveOut(path.toString(), whyNot.get());
                return false;
            }
            inFlight.put(path.toString(), key, value);
            return true;
        }
    }
}
