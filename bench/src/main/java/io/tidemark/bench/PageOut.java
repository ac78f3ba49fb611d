package io.tidemark.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import picocli.CommandLine.Option;

/** Where a measurement's page goes: to standard output, and to a file when one is asked for. */
final class PageOut {
    @Option(
            names = "--out",
            description = "Writes the page here: a file, or a directory for DATE-NAME.md in it (docs/benchmarks).")
    private Path out;

    /** @param name what was measured, for the name of a file in a directory */
    void write(LocalDate date, String name, String page) throws IOException {
        System.out.println(page);
        if (out != null) {
            Path file = Files.isDirectory(out) ? out.resolve(date + "-" + name + ".md") : out;
            Files.writeString(file, page);
            System.err.println("written to " + file);
        }
    }
}
