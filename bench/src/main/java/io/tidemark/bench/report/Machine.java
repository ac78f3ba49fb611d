package io.tidemark.bench.report;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Where a measurement ran.
 *
 * @param commit of the tree in the working directory, with {@code +} when it holds changes; {@code unknown} outside git
 * @param load average number of processes that wanted to run in the minute before
 */
public record Machine(
        String commit, String java, String cpu, int processors, long memoryBytes, String system, double load) {

    public static Machine here() {
        return new Machine(
                head(),
                System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"),
                lineOf("/proc/cpuinfo", "model name"),
                Runtime.getRuntime().availableProcessors(),
                kibibytes(lineOf("/proc/meminfo", "MemTotal")) << 10,
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }

    /** What {@link #words} says, and how busy the machine was when the measurement began. */
    String wordsWithLoad() {
        return words() + String.format(Locale.ROOT, "; load average %.1f", load);
    }

    /** All but commit and load, as it stands at the head of a page. */
    String words() {
        return java + "; " + processors + " x " + cpu + "; " + (memoryBytes >> 30) + " GiB; " + system;
    }

    private static String head() {
        String head = git("rev-parse", "--short=12", "HEAD");
        if (head.isEmpty()) {
            return "unknown";
        }
        return git("status", "--porcelain", "--untracked-files=no").isEmpty() ? head : head + "+";
    }

    private static String git(String... arguments) {
        String[] command = new String[arguments.length + 1];
        command[0] = "git";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        try {
            Process git = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try (var output = git.getInputStream()) {
                return new String(output.readAllBytes(), StandardCharsets.UTF_8).strip();
            }
        } catch (IOException e) {
            return "";
        }
    }

    private static String lineOf(String file, String field) {
        try {
            return Files.readAllLines(Path.of(file)).stream()
                    .filter(line -> line.startsWith(field))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown");
        } catch (IOException e) {
            return "unknown";
        }
    }

    private static long kibibytes(String text) {
        String digits = text.replaceAll("\\D", "");
        return digits.isEmpty() ? 0 : Long.parseLong(digits);
    }
}
