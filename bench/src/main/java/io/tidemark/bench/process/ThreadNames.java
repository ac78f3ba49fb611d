package io.tidemark.bench.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Full names of a JVM's threads by native id. The kernel keeps 15 characters of a name, too few to tell Ratis' threads
 * apart, so the JVM itself is asked ({@code jcmd PID Thread.print}, present in every JDK).
 */
public final class ThreadNames {
    /** {@code "name" #12 prio=5 ... nid=0x1a2b ...} (JDK 17) or {@code nid=6699} (JDK 21). */
    private static final Pattern THREAD =
            Pattern.compile("^\"(.+)\" .*\\bnid=(0x[0-9a-f]+|\\d+).*$", Pattern.MULTILINE);

    private ThreadNames() {}

    /** Names by native thread id; empty when {@code jcmd} is absent or the process is gone. Costs a safepoint. */
    public static Map<Long, String> of(long pid) {
        try {
            Process jcmd = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "jcmd")
                                    .toString(),
                            Long.toString(pid),
                            "Thread.print")
                    .redirectErrorStream(true)
                    .start();
            try (var output = jcmd.getInputStream()) {
                return parse(new String(output.readAllBytes(), StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            return Map.of();
        }
    }

    static Map<Long, String> parse(String threadPrint) {
        Map<Long, String> names = new HashMap<>();
        Matcher thread = THREAD.matcher(threadPrint);
        while (thread.find()) {
            names.put(Long.decode(thread.group(2)), thread.group(1));
        }
        return names;
    }
}
