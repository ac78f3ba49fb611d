package io.tidemark.bench;

import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code bench/run}: all measurements. Exit code 0 done, 1 failed, 2 wrong usage. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Measures Tidemark beside the disk and beside bare Ratis.",
        subcommands = {DiskCommand.class, RatisCommand.class, RatisServerCommand.class})
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        System.setProperty("logback.configurationFile", "bench-logback.xml");
        Logger.getLogger("").setLevel(Level.WARNING);
        System.exit(new CommandLine(new Main()).execute(arguments));
    }
}
