package io.tidemark.recovery.crash;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.util.Locale;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;

/**
 * The whole engine, cut off before every operation of its disk: {@link CrashSequence} with a log given from outside, {@link
 * StoreCrashSequence} with one of its own. A failure names the seed of its sequence and the operation. Images are counted once for each different content of the disk in a sequence.
 * {@code -Dtidemark.crash.images=N} makes a campaign of another length.
 */
class EngineCrashProperties {
    private static final int TRIES = 25;
    private static final long IMAGES = Long.getLong("tidemark.crash.images", 50_000);

    private static long images;
    private static long again;
    private static long logs;
    private static long cpuNanos;

    @Property(tries = TRIES, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void afterEveryCrashTheStateIsThatOfTheReportedLsn(@ForAll long seed) {
        long started = cpu();
        long share = images + (IMAGES + TRIES - 1) / TRIES;
        for (long each = seed; images < share; each++) {
            count(CrashSequence.run(each));
            count(StoreCrashSequence.run(each));
            logs++;
        }
        cpuNanos += cpu() - started;
    }

    private static void count(CrashSequence.Images found) {
        images += found.all();
        again += found.again();
    }

    @Example
    void seedsThatFoundFaultsBeforeHoldNow() {
        for (long seed : new long[] {5, 11}) {
            CrashSequence.run(seed);
        }
    }

    @AfterContainer
    static void theCampaignWasAsLongAsPromised() {
        System.out.printf(
                Locale.ROOT,
                "crash images: %d (%d of them in a life after a crash) of %d logs in %.1f s of CPU: %.0f a second%n",
                images,
                again,
                logs,
                cpuNanos / 1e9,
                images * 1e9 / Math.max(1, cpuNanos));
        assertTrue(logs == 0 || images >= IMAGES, images + " images");
    }

    private static long cpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
