package io.tidemark.daemon.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class JavaCommandTest {
    private static final Path ROOT = Path.of("/srv/cluster");

    @Test
    void theMarkComesFirstSoThatItIsSeenOnACutCommandLine() {
        List<String> command = command(17, List.of()).daemon("n1", ROOT, List.of());
        assertEquals("/jdk/bin/java", command.get(0));
        assertEquals("-Dtidemark.process=n1@/srv/cluster", command.get(1));
        assertEquals(
                List.of("io.tidemark.daemon.Main", "daemon", "--dir", "/srv/cluster", "--node", "n1"),
                command.subList(command.size() - 6, command.size()));
    }

    @Test
    void newerJavaGetsTheFlagsThatOlderDoesNotKnow() {
        String flag = "--sun-misc-unsafe-memory-access=allow";
        assertFalse(command(17, List.of()).daemon("n1", ROOT, List.of()).contains(flag));
        assertFalse(command(21, List.of()).s3("s3", ROOT, List.of()).contains(flag));
        assertTrue(command(24, List.of()).daemon("n1", ROOT, List.of()).contains(flag));
        assertTrue(command(25, List.of()).s3("s3", ROOT, List.of()).contains(flag));
    }

    @Test
    void theOperatorsFlagsComeLastAndWin() {
        List<String> command = command(17, List.of("-Xmx1g")).daemon("n1", ROOT, List.of());
        assertTrue(command.indexOf("-Xmx1g") > command.indexOf("-Xmx200m"));
        assertTrue(command.indexOf("-Xmx1g") < command.indexOf("-cp"));
    }

    private static JavaCommand command(int feature, List<String> extra) {
        return new JavaCommand(Path.of("/jdk/bin/java"), "/dist/lib/*", feature, null, extra);
    }
}
