package io.tidemark.jepsen.nemesis;

import io.tidemark.jepsen.cluster.Cluster;
import io.tidemark.jepsen.plant.Clocks;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Wall clocks of some nodes are wrong. */
public final class ClockNemesis implements Nemesis {

    /** In what way. */
    public enum Trouble {
        /** They show up to a day too much or too little, at once. */
        JUMP,
        /** They run at a tenth to ten times the true speed. */
        DRIFT
    }

    private static final int DAY_SECONDS = 24 * 60 * 60;

    private final Cluster cluster;
    private final Clocks clocks;
    private final Trouble trouble;
    private final Random random;

    /**
     * @param random chooses nodes and times
     */
    public ClockNemesis(Cluster cluster, Clocks clocks, Trouble trouble, Random random) {
        this.cluster = cluster;
        this.clocks = clocks;
        this.trouble = trouble;
        this.random = random;
    }

    @Override
    public String name() {
        return "clock-" + trouble.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String strike() {
        Target target =
                List.of(Target.ONE, Target.LEADER, Target.MAJORITY, Target.ALL).get(random.nextInt(4));
        StringBuilder words = new StringBuilder();
        for (String node : target.choose(cluster, random)) {
            words.append(words.isEmpty() ? "" : ", ").append(node).append(' ').append(set(node));
        }
        return words.toString();
    }

    private String set(String node) {
        double exponent = 2 * random.nextDouble() - 1;
        if (trouble == Trouble.DRIFT) {
            double speed = Math.round(100 * Math.pow(10, exponent)) / 100.0;
            clocks.drift(node, speed);
            return "at " + speed + " times the speed";
        }
        long seconds = Math.round(Math.signum(exponent) * Math.pow(DAY_SECONDS, Math.abs(exponent)));
        clocks.jump(node, seconds);
        return String.format(Locale.ROOT, "%+d s", seconds);
    }

    @Override
    public void heal() {
        cluster.names().forEach(clocks::right);
    }
}
