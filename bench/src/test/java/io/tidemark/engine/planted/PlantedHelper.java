package io.tidemark.engine.planted;

import java.util.concurrent.TimeUnit;
import org.apache.ratis.protocol.RaftPeerId;

/** Breaks rules of the house, so that {@code ArchitectureTest} can show that they hold anyone. Never in a product. */
public final class PlantedHelper {
    private PlantedHelper() {}

    /** An engine that knows Ratis. */
    public static String ratis() {
        return RaftPeerId.valueOf("n1").toString();
    }

    /** A wait for nothing, and an end that no caller can see. */
    @SuppressWarnings({"ThreadSleep", "SleepIsNotAWait"})
    public static void sleepAndExit() throws InterruptedException {
        Thread.sleep(1);
        TimeUnit.MILLISECONDS.sleep(1);
        System.exit(1);
    }
}
