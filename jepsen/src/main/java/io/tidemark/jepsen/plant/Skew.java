package io.tidemark.jepsen.plant;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jboss.byteman.rule.Rule;
import org.jboss.byteman.rule.helper.Helper;

/**
 * How wrong the clock of the daemon is that this class is in, by a file that its maker writes: milliseconds that are added,
 * a speed, and since when by the true clock: {@code 5000 1.5 1763640000000}. Looked at five times a second. Byteman makes a
 * class of its own from it, so it is not final. Thread-safe.
 */
public class Skew extends Helper {
    /** System property: a directory with a file {@code clock-NODE} for each node. */
    static final String DIRECTORY = "tidemark.jepsen.clocks";

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private static volatile double[] wrong = {0, 1, 0};
    private static volatile long looked = System.nanoTime() - LOOK_NANOS;

    public Skew(Rule rule) {
        super(rule);
    }

    /** Milliseconds to add to the true time. */
    public long millis() {
        long now = System.nanoTime();
        if (now - looked >= LOOK_NANOS) {
            looked = now;
            look();
        }
        double[] skew = wrong;
        return Math.round(skew[0] + (skew[1] - 1) * Math.max(0, System.currentTimeMillis() - skew[2]));
    }

    private static void look() {
        String command = System.getProperty("sun.java.command", "");
        int node = command.indexOf("--node ");
        if (node < 0) {
            return; // no daemon
        }
        String name = command.substring(node + "--node ".length()).split(" ")[0];
        try {
            String[] said = Files.readString(Path.of(System.getProperty(DIRECTORY), "clock-" + name))
                    .strip()
                    .split(" ");
            wrong = new double[] {Double.parseDouble(said[0]), Double.parseDouble(said[1]), Double.parseDouble(said[2])
            };
        } catch (IOException e) {
            throw new IllegalStateException("the file that says how wrong this clock is cannot be read", e);
        }
    }
}
