package io.tidemark.bench.peer;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The engines by name, with what a reader of the figures must know about how each is run. */
public enum Peer {
    TIDEMARK(
            "Tidemark",
            io.tidemark.engine.Engine.class,
            TidemarkPeer::new,
            "one entry of the log per write, applied as an embedder does who owns the log; a transaction is a synced WriteBatch"
                    + " of the standalone store"),
    ROCKSDB(
            "RocksDB",
            org.rocksdb.RocksDB.class,
            RocksDbPeer::new,
            "WAL on, sync off, a transaction is a synced WriteBatch; bloom filters of 10 bits per key, index and filter blocks within the cache, which has one part; two background"
                    + " threads; no compression"),
    LMDB(
            "LMDB",
            org.lmdbjava.Env.class,
            LmdbPeer::new,
            "unsynced writes are joined, 10,000 to a transaction that is synced (MDB_NOSYNC would risk the file in a power"
                    + " cut, which no other engine here does); reads see the open transaction; no read-ahead; lmdbjava's"
                    + " checks off"),
    MVSTORE(
            "H2 MVStore",
            org.h2.mvstore.MVStore.class,
            MvStorePeer::new,
            "commits by itself after one second or a quarter of its memory, and syncs when asked; a transaction is commit"
                    + " and sync under a lock, for it has no other"),
    JE(
            "Berkeley DB JE",
            com.sleepycat.je.Environment.class,
            JePeer::new,
            "transactional, COMMIT_NO_SYNC; scans and reads without locks (READ_UNCOMMITTED), to its advantage");

    private static final Pattern JAR_VERSION = Pattern.compile("-(\\d[\\w.]*)\\.jar$");

    private final String label;
    private final Class<?> library;
    private final Opener opener;
    private final String settings;

    Peer(String label, Class<?> library, Opener opener, String settings) {
        this.label = label;
        this.library = library;
        this.opener = opener;
        this.settings = settings;
    }

    @FunctionalInterface
    private interface Opener {
        KeyValueEngine open(Path directory, Memory memory);
    }

    /** The name that a page shows. */
    public String label() {
        return label;
    }

    /** The name on a command line. */
    public String option() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** How it is run, in a sentence's middle. */
    public String settings() {
        return settings;
    }

    /** Version in the name of its jar; empty for Tidemark, whose version is the commit. */
    public String version() {
        var source = library.getProtectionDomain().getCodeSource();
        Matcher version = JAR_VERSION.matcher(
                source == null || this == TIDEMARK ? "" : source.getLocation().getPath());
        return version.find() ? version.group(1) : "";
    }

    /** Opens the store in a directory that exists, making it when the directory is empty. */
    public KeyValueEngine open(Path directory, Memory memory) {
        return opener.open(directory, memory);
    }

    /** What a JVM needs to run any of them. */
    public static List<String> jvmArguments() {
        return List.of(
                "--add-opens=java.base/java.nio=ALL-UNNAMED",
                "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                "-Dlmdbjava.disable.checks=true");
    }
}
