package io.tidemark.jepsen.nemesis;

import io.tidemark.jepsen.cluster.Cluster;
import io.tidemark.jepsen.cluster.CommandLine;
import java.time.Duration;
import java.util.Random;

/** A user asks for another leader; refused or done, nothing may be lost. */
public final class TransferNemesis implements Nemesis {

    /** The command asks nine times, each for half a minute at most. */
    private static final Duration ASKED_MAX = Duration.ofMinutes(5);

    private final Cluster cluster;
    private final Random random;

    /** @param random chooses the leader */
    public TransferNemesis(Cluster cluster, Random random) {
        this.cluster = cluster;
        this.random = random;
    }

    @Override
    public String name() {
        return "leadership-transfer";
    }

    @Override
    public String strike() {
        String next = Target.ONE.choose(cluster, random).get(0);
        CommandLine.Result result = cluster.commands()
                .run(ASKED_MAX, "lead", next, "--dir", cluster.directory().toString());
        return next
                + (result.exit() == 0 ? " leads" : ", in vain: " + result.err().strip());
    }

    @Override
    public void heal() {
        // nothing is broken
    }
}
