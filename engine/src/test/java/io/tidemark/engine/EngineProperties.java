package io.tidemark.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidemark.engine.log.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** The engine against a sorted map: whatever is written, flushed, lost and reopened in between. */
class EngineProperties {
    @Property(tries = 60)
    void holdsWhatAMapHolds(@ForAll long seed) {
        Random random = new Random(seed);
        EngineRig rig = new EngineRig(EngineRig.options(64, 128 + random.nextInt(3) * 100));
        TreeMap<String, String> model = new TreeMap<>();
        int keys = 1 + random.nextInt(3000);
        int longest = random.nextInt(4) == 0 ? 8000 : 300;
        for (int step = 0; step < 120; step++) {
            int growing = step % 40 < 28 ? 3 : 1;
            rig.apply(randomEntry(random, model, keys, longest, growing));
            if (random.nextInt(10) == 0) {
                rig.engine.flushStep();
            }
            if (random.nextInt(40) == 0) {
                restart(random, rig);
            }
        }
        check(rig, model);
        rig.killAndReopen();
        check(rig, model);
    }

    private static void restart(Random random, EngineRig rig) {
        switch (random.nextInt(3)) {
            case 0 -> rig.closeAndReopen();
            case 1 -> rig.killAndReopen();
            default -> {
                rig.engine.requestSync().join();
                rig.powerOffAndReopen();
            }
        }
    }

    private static List<Operation> randomEntry(
            Random random, TreeMap<String, String> model, int keys, int longest, int growing) {
        List<Operation> operations = new ArrayList<>();
        int budget = 40;
        for (int n = 1 + random.nextInt(8); n > 0 && budget > 0; n--) {
            String key = EngineRig.value(random.nextInt(keys), 3 + random.nextInt(2) * 110)
                    .trim();
            if (random.nextInt(4) < growing) {
                String value = EngineRig.value(random.nextInt(), random.nextInt(longest));
                operations.add(EngineRig.put(key, value));
                model.put(key, value);
                budget -= 5 + value.length() / 900;
            } else {
                String found = random.nextBoolean() ? key : model.ceilingKey(key);
                operations.add(EngineRig.delete(found == null ? key : found));
                model.remove(found == null ? key : found);
                budget -= 5;
            }
        }
        return operations;
    }

    private static void check(EngineRig rig, TreeMap<String, String> model) {
        assertEquals(model, rig.rows());
        rig.engine.inspection().checkStructure();
        for (String key : model.keySet()) {
            assertEquals(model.get(key), rig.get(key));
        }
    }
}
