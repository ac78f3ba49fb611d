package io.tidemark.jepsen.cluster;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The built product: a directory whose {@code lib/} holds every jar of the daemon.
 *
 * @param directory absolute path
 */
public record Distribution(Path directory) {

    /** System property that says where the distribution is; set by the build. */
    public static final String PROPERTY = "tidemark.dist";

    /** Checks that there is something to run. */
    public Distribution {
        if (!Files.isDirectory(directory.resolve("lib"))) {
            throw new IllegalStateException("no distribution at " + directory
                    + ": build it with `mvn -pl daemon -am package` and name it with -D" + PROPERTY + "=DIR");
        }
    }

    /** The distribution named by {@value #PROPERTY}, else the one below the working directory's project. */
    public static Distribution find() {
        String named = System.getProperty(PROPERTY);
        Path directory = named != null ? Path.of(named) : Path.of("daemon/target/tidemark");
        return new Distribution(directory.toAbsolutePath().normalize());
    }

    /** The command that runs {@code tidemark} with these arguments. */
    public List<String> command(List<String> arguments) {
        return command("io.tidemark.daemon.Main", arguments);
    }

    /** The command that runs another program on the distribution's class path. */
    public List<String> command(String mainClass, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:+UseSerialGC");
        command.add("-XX:TieredStopAtLevel=1");
        Path archive = directory.resolve("classes.jsa");
        if (Files.isRegularFile(archive)) {
            command.add("-XX:SharedArchiveFile=" + archive);
        }
        command.add("-Xlog:disable");
        command.add("-cp");
        command.add(directory.resolve("lib") + "/*");
        command.add(mainClass);
        command.addAll(arguments);
        return command;
    }
}
