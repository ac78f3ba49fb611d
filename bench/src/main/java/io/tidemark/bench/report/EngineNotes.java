package io.tidemark.bench.report;

import io.tidemark.bench.contest.ContestPlan;
import io.tidemark.bench.contest.Outcome;
import io.tidemark.bench.peer.Peer;
import java.util.Locale;

/** How the figures of a contest came about: what stands above its tables. */
final class EngineNotes {
    private EngineNotes() {}

    static void write(ContestPlan plan, Outcome outcome, Machine machine, StringBuilder page) {
        for (Peer peer : plan.peers()) {
            String version = peer == Peer.TIDEMARK ? "commit " + machine.commit() : peer.version();
            item(page, peer.label() + " " + version + ": " + peer.settings());
        }
        item(
                page,
                "memory: one budget for pool, block cache or cache, a quarter of it for writes on their way; LMDB has no such"
                        + " setting and reads the page cache in place. The page cache of the system is shared and not"
                        + " limited, so reads past the budget cost a copy or a page fault, not a seek");
        item(
                page,
                "durability: rows of single writes are logged, not synced, with one sync at the end within the time."
                        + " All gather writes before they hand them to the system, and may lose the last moment when the"
                        + " process is killed. None may lose its integrity. Synced transactions: each commit is on the disk when it returns");
        item(
                page,
                "keys of 16 bytes, random ones by a seeded permutation; values compress to about half, compression is off;"
                        + " every answer is checked, a wrong one ends the trial without a figure");
        item(
                page,
                String.format(
                        Locale.ROOT,
                        "each engine in a fresh JVM and directory each time; warmed up by all kinds of work on small stores"
                                + " until the compiler uses less than a fifth of the time of one core, for %.1f s at most, and for %d ms before each row; %d rounds in turns, windows of %d ms, fills"
                                + " whole or for at most %.1f s, the rest then put unmeasured in the order of keys; heap"
                                + " twice the memory and 256 MiB, parallel collector",
                        plan.processWarmUp().toMillis() / 1000.0,
                        plan.warmUp().toMillis(),
                        plan.rounds(),
                        plan.window().toMillis(),
                        plan.fillLimit().toMillis() / 1000.0));
        item(
                page,
                machine.words() + "; load average before each round: " + String.join(", ", outcome.loads()) + "; took "
                        + outcome.seconds() + " s");
    }

    private static void item(StringBuilder page, String text) {
        page.append("- ").append(text).append('\n');
    }
}
