package io.tidemark.jepsen.cluster;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ChildrenTest {
    /** What is ended by SIGTERM: it starts a child, says its pid and waits for it. */
    static final class Parent {
        public static void main(String[] args) throws Exception {
            Process child = Children.own(new ProcessBuilder("sleep", "600").start());
            System.out.println(child.pid());
            child.waitFor();
        }
    }

    @Test
    @Timeout(60)
    void whatARunStartedEndsWithIt() throws IOException, InterruptedException {
        Process parent = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Parent.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(parent.getInputStream(), StandardCharsets.UTF_8))) {
            ProcessHandle child =
                    ProcessHandle.of(Long.parseLong(out.readLine())).orElseThrow();
            assertTrue(child.isAlive());
            parent.destroy();
            assertTrue(parent.waitFor(30, TimeUnit.SECONDS));
            Waiting.until("the child gone", Cluster.PATIENCE, child::isAlive, alive -> !alive);
        } finally {
            parent.destroyForcibly();
        }
    }
}
