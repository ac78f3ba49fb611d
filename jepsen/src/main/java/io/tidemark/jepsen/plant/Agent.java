package io.tidemark.jepsen.plant;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;

/** Has a daemon's JVM follow rules of Byteman, by arguments. */
public final class Agent {

    private Agent() {}

    /** @param rules files that stay where they are while daemons start; at least one */
    public static List<String> jvmArguments(List<Path> rules) {
        String byteman = jarOf(org.jboss.byteman.agent.Main.class).toString();
        StringBuilder agent = new StringBuilder("-javaagent:").append(byteman).append('=');
        rules.forEach(rule -> agent.append("script:").append(rule).append(','));
        // classes of the JDK among those that rules name see helpers only from where they are themselves
        agent.append("boot:").append(byteman).append(",boot:").append(jarOf(Lie.class));
        return List.of(agent.toString(), "-Dorg.jboss.byteman.transform.all=true");
    }

    private static Path jarOf(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("no place of " + type, e);
        }
    }
}
