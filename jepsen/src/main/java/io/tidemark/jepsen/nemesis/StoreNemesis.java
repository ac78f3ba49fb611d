package io.tidemark.jepsen.nemesis;

import io.tidemark.jepsen.fault.ObjectStoreProxy;
import io.tidemark.jepsen.fault.StoreFaults;
import java.time.Duration;
import java.util.Locale;
import java.util.Random;

/** Troubles the way to S3. */
public final class StoreNemesis implements Nemesis {

    /** What is wrong with it. */
    public enum Trouble {
        /** Connections are refused, or nothing ever comes back. */
        OUTAGE,
        /** A third to all of the requests are answered with 503. */
        ERRORS,
        /** A third to all of the successful PUTs are never answered. */
        LOST_ANSWERS,
        /** PUTs and deletions are done when it heals, not before. */
        HELD_WRITES,
        /** Some of everything. */
        MIXED
    }

    private static final double SHARE_MIN = 0.3;
    private static final Duration DELAY = Duration.ofMillis(50);

    private final ObjectStoreProxy proxy;
    private final Trouble trouble;
    private final Random random;

    /** By turns, as {@code random} has it: refused connections, silence, and some of everything. */
    public StoreNemesis(ObjectStoreProxy proxy, Random random) {
        this(proxy, null, random);
    }

    /**
     * @param trouble null = outage or some of everything
     * @param random chooses how bad it is
     */
    public StoreNemesis(ObjectStoreProxy proxy, Trouble trouble, Random random) {
        this.proxy = proxy;
        this.trouble = trouble;
        this.random = random;
    }

    @Override
    public String name() {
        return trouble == null
                ? "s3"
                : "s3-" + trouble.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public String strike() {
        Trouble now = trouble != null ? trouble : random.nextInt(3) < 2 ? Trouble.OUTAGE : Trouble.MIXED;
        double share = SHARE_MIN + random.nextDouble() * (1 - SHARE_MIN);
        String percent = Math.round(100 * share) + " %";
        switch (now) {
            case OUTAGE -> {
                return outage();
            }
            case ERRORS -> {
                proxy.inject(StoreFaults.unavailable(share));
                return "503 for " + percent + " of the requests";
            }
            case LOST_ANSWERS -> {
                proxy.inject(StoreFaults.answersLost(share));
                return percent + " of the answers to PUTs lost";
            }
            case HELD_WRITES -> {
                proxy.inject(StoreFaults.WRITES_HELD);
                return "all that would change something";
            }
            case MIXED -> {
                proxy.inject(StoreFaults.mixed(SHARE_MIN, DELAY));
                return "503s, delays and lost answers";
            }
        }
        throw new IllegalStateException("no such trouble: " + now);
    }

    private String outage() {
        if (random.nextBoolean()) {
            proxy.refuse();
            return "refused";
        }
        proxy.inject(StoreFaults.BLACK_HOLE);
        return "silent";
    }

    @Override
    public void heal() {
        proxy.accept();
        proxy.inject(StoreFaults.NONE);
    }
}
