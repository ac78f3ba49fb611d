package io.tidemark.recovery.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.io.CrashMode;
import io.tidemark.engine.io.SimulatedDisk;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Three engines follow one log, each at its own pace and with its own flushes, and lose their power together, each disk
 * keeping a random part of what was unsynced. A write is acknowledged once it is in the log: delivered again from where
 * each engine came back, the log brings all three to the same state, with every acknowledged write.
 */
class PowerCutTest {
    private static final int CLUSTERS = 40;
    private static final int CUTS = 5;
    private static final int ENTRIES = 80;
    private static final int NODES = 3;

    @Test
    void afterAPowerCutOfAllThreeEveryAcknowledgedWriteIsThere() {
        for (int seed = 0; seed < CLUSTERS; seed++) {
            new Cluster(seed).run();
        }
    }

    private static final class Cluster {
        private final String name;
        private final Random random;
        private final LogScript script;
        private final Expected expected;
        private final List<StoreOnDisk> stores = new ArrayList<>();
        private List<SimulatedDisk> disks = new ArrayList<>();
        private List<EngineLife> lives = new ArrayList<>();
        private final List<SimulatedDisk> images = new ArrayList<>();
        private final List<Promise> promises = new ArrayList<>();
        private long acknowledged = -1;
        private int operationsLeft;

        Cluster(int seed) {
            name = "cluster " + seed;
            random = new Random(seed * 0x9E3779B97F4A7C15L);
            int valueMax = random.nextInt(3) == 0 ? 20_000 : 500;
            script = new LogScript(random, ENTRIES, 60, valueMax, StoreOnDisk.random(random));
            expected = new Expected(script);
            for (int node = 0; node < NODES; node++) {
                stores.add(StoreOnDisk.random(random));
                disks.add(new SimulatedDisk());
                lives.add(life(node, new Promise(-1, -1)));
                lives.get(node).open();
            }
        }

        private EngineLife life(int node, Promise promise) {
            Random schedule = new Random(random.nextLong());
            return new EngineLife(disks.get(node), stores.get(node), script, expected, schedule, promise);
        }

        void run() {
            for (int cut = 1; cut <= CUTS; cut++) {
                followUntilTheCut();
                startAgain(name + ", cut " + cut);
            }
        }

        /** The power goes off before some operation of some disk, often in the middle of an entry or a flush. */
        private void followUntilTheCut() {
            operationsLeft = 1 + random.nextInt(120);
            disks.forEach(disk -> disk.beforeOperation(operation -> {
                operationsLeft--;
                if (operationsLeft == 0) {
                    cut();
                }
            }));
            while (images.isEmpty() && acknowledged < script.last()) {
                acknowledged = Math.min(script.last(), acknowledged + random.nextInt(3));
                for (EngineLife life : lives) {
                    for (int n = random.nextInt(4); n > 0 && images.isEmpty() && life.applied() < acknowledged; n--) {
                        life.deliver(life.applied() + 1);
                    }
                }
            }
            if (images.isEmpty()) {
                cut();
            }
            disks.forEach(disk -> disk.beforeOperation(operation -> {}));
            lives.forEach(EngineLife::end);
        }

        private void cut() {
            for (int node = 0; node < NODES; node++) {
                images.add(disks.get(node).crashImage(CrashMode.RANDOM, random));
                promises.add(lives.get(node).promise());
            }
        }

        private void startAgain(String where) {
            disks = new ArrayList<>(images);
            lives = new ArrayList<>();
            for (int node = 0; node < NODES; node++) {
                Promise promise = promises.get(node);
                EngineLife life = life(node, promise);
                lives.add(life);
                long lsn = life.open();
                assertTrue(promise.durable() <= lsn && lsn <= promise.applied(), where + ": " + lsn + ", " + promise);
                life.check();
                while (life.applied() < acknowledged) {
                    life.deliver(life.applied() + 1);
                }
                // Chain, pages and every record of the model: all that was acknowledged.
                assertEquals(acknowledged, life.applied(), where);
                life.check();
                assertEquals(lives.get(0).contents(), life.contents(), where + ", node " + node);
            }
            images.clear();
            promises.clear();
        }
    }
}
