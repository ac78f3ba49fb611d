package io.tidemark.daemon.process;

import io.tidemark.daemon.Main;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How this program starts itself again as another process: the one place of JVM flags.
 *
 * @param java the executable
 * @param classPath of the child; {@code DIR/*} when this process runs from the built distribution
 * @param feature major version of that Java
 * @param classes archive of loaded classes that the build made; null when there is none. A JVM that it does not fit
 *     starts without it
 * @param extra flags of the operator, after ours, so that they win
 */
public record JavaCommand(Path java, String classPath, int feature, Path classes, List<String> extra) {
    /** Environment variable with more JVM flags for the daemons, separated by blanks. */
    public static final String EXTRA_FLAGS = "TIDEMARK_DAEMON_JVM_OPTS";

    private static final String MARK = "-Dtidemark.process=";

    /** The Java and the class path of this process, and {@link #EXTRA_FLAGS}. */
    public static JavaCommand ofThisProcess() {
        String extra = System.getenv().getOrDefault(EXTRA_FLAGS, "").trim();
        return new JavaCommand(
                Path.of(System.getProperty("java.home"), "bin", "java"),
                ownClassPath(),
                Runtime.version().feature(),
                archive(),
                extra.isEmpty() ? List.of() : List.of(extra.split("\\s+")));
    }

    /**
     * The argument by which a process is known as the one called {@code name} of the cluster at {@code root}; first on
     * its command line, so that it is seen even where only the beginning of a command line can be read.
     */
    public static String mark(String name, Path root) {
        return MARK + name + "@" + root;
    }

    /** One node in the foreground. */
    public List<String> daemon(String node, Path root, List<String> arguments) {
        List<String> flags = new ArrayList<>();
        // Heap, direct memory (buffer pool of 96 MiB, Ratis' and gRPC's buffers) and code together stay below 500 MiB.
        flags.add("-Xms64m");
        flags.add("-Xmx200m");
        flags.add("-XX:MaxDirectMemorySize=192m");
        flags.add("-XX:MaxMetaspaceSize=96m");
        flags.add("-XX:ReservedCodeCacheSize=64m");
        flags.add("-XX:+UseSerialGC");
        // What native code has freed goes back to the system; the option is of 17.0.9, 21 and newer.
        flags.add("-XX:+IgnoreUnrecognizedVMOptions");
        flags.add("-XX:+UnlockExperimentalVMOptions");
        flags.add("-XX:TrimNativeHeapInterval=5000");
        // Channels otherwise keep a direct buffer per thread as large as the largest write ever made.
        flags.add("-Djdk.nio.maxCachedBufferSize=1048576");
        flags.add("-Dio.netty.maxDirectMemory=67108864");
        // A process that ran out of memory in the middle of something cannot be believed.
        flags.add("-XX:+ExitOnOutOfMemoryError");
        return command(node, root, flags, "daemon", node, arguments);
    }

    /** Environment of every child: glibc otherwise keeps up to 64 MiB per thread in arenas of its own. */
    public static Map<String, String> environment() {
        return Map.of("MALLOC_ARENA_MAX", "2");
    }

    /** The embedded S3 endpoint in the foreground. */
    public List<String> s3(String name, Path root, List<String> arguments) {
        List<String> flags = List.of("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
        return command(name, root, flags, "s3", null, arguments);
    }

    private List<String> command(
            String name, Path root, List<String> flags, String verb, String node, List<String> arguments) {
        List<String> all = new ArrayList<>();
        all.add(java.toString());
        all.add(mark(name, root));
        all.addAll(flags);
        all.addAll(common());
        all.addAll(extra);
        all.add("-cp");
        all.add(classPath);
        all.add(Main.class.getName());
        all.add(verb);
        all.add("--dir");
        all.add(root.toString());
        if (node != null) {
            all.add("--node");
            all.add(node);
        }
        all.addAll(arguments);
        return all;
    }

    private List<String> common() {
        List<String> flags = new ArrayList<>();
        flags.add("-Xshare:auto");
        if (classes != null) {
            flags.add("-XX:SharedArchiveFile=" + classes);
            // Mapped where it was made: moving it would touch, and own, every page of it (70 MiB per process).
            flags.add("-XX:+UnlockDiagnosticVMOptions");
            flags.add("-XX:ArchiveRelocationMode=0");
        }
        // The JVM's own remarks, such as on an archive that does not fit, do not belong among a log's events.
        flags.add("-Xlog:disable");
        flags.add("-Dfile.encoding=UTF-8");
        flags.add("-Dtidemark.log.target=System.out");
        if (feature >= 24) {
            // LMDB and Netty load native code and use Unsafe; Java 24 and newer warn about both.
            flags.add("--enable-native-access=ALL-UNNAMED");
            flags.add("--sun-misc-unsafe-memory-access=allow");
        }
        return flags;
    }

    private static String ownClassPath() {
        Path source = ownCode();
        return Files.isRegularFile(source)
                ? source.getParent().resolve("*").toString()
                : System.getProperty("java.class.path");
    }

    /** Beside the distribution's {@code lib}. */
    private static Path archive() {
        Path source = ownCode();
        Path archive = source.getParent().resolveSibling("classes.jsa");
        return Files.isRegularFile(source) && Files.isRegularFile(archive) ? archive : null;
    }

    /** The jar that this class is in, or the directory of classes. */
    private static Path ownCode() {
        try {
            return Path.of(Main.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("the program's own location is no path", e);
        }
    }
}
