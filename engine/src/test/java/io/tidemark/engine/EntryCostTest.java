package io.tidemark.engine;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.log.Command;
import io.tidemark.engine.log.Entry;
import io.tidemark.engine.log.EntryCodec;
import io.tidemark.engine.log.EntryKind;
import io.tidemark.engine.log.LogEntry;
import io.tidemark.engine.log.Operation;
import io.tidemark.engine.log.SessionRef;
import io.tidemark.engine.log.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Entries made to change as many pages as they can stay below what was foreseen. */
class EntryCostTest {
    private final EngineRig rig = new EngineRig(EngineRig.options(1024, 4096));

    @Test
    void e2_wideKeysThatSplitFullPagesUpToTheRootStayWithinTheirCost() {
        for (int i = 0; i < 4000; i += 40) {
            List<Operation> puts = new ArrayList<>();
            for (int k = i; k < i + 40; k++) {
                puts.add(EngineRig.put(wideKey(k * 1000), EngineRig.value(k, 80)));
            }
            applyWithinCost(commands(puts));
        }
        Random random = new Random(5);
        for (int i = 0; i < 60; i++) {
            List<Operation> mixed = new ArrayList<>();
            for (int k = 0; k < 20; k++) {
                String key = wideKey(random.nextInt(4_000_000));
                mixed.add(EngineRig.put(key, EngineRig.value(k, 80)));
                mixed.add(EngineRig.delete(wideKey(random.nextInt(4000) * 1000)));
            }
            applyWithinCost(commands(mixed));
        }
        rig.engine.inspection().checkStructure();
    }

    @Test
    void e2_aClientThatForgetsManyRepliesAtOnceStaysWithinItsCost() {
        List<Command> opens = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            opens.add(Command.of(new Operation.OpenSession()));
        }
        applyWithinCost(opens);
        for (int sequence = 1; sequence <= 300; sequence++) {
            applyWithinCost(ofAllSessions(sequence, 0));
        }
        for (int sequence = 301; sequence < 330; sequence++) {
            applyWithinCost(ofAllSessions(sequence, sequence - 1));
        }
        rig.engine.inspection().checkStructure();
    }

    private static List<Command> ofAllSessions(int sequence, int repliedThrough) {
        List<Command> commands = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            SessionRef ref = new SessionRef(new Version(0, i), sequence, repliedThrough);
            commands.add(new Command(ref, EngineRig.put("k" + i, "v")));
        }
        return commands;
    }

    /** Alike up to the end, so that separators are as long as keys. */
    private static String wideKey(int number) {
        return "x".repeat(110) + String.format("%08d", number);
    }

    private static List<Command> commands(List<Operation> operations) {
        return operations.stream().map(Command::of).toList();
    }

    private void applyWithinCost(List<Command> commands) {
        Entry entry = new Entry(1, commands);
        long before = rig.changedPages();
        long lsn = rig.engine.state().applied() + 1;
        rig.engine.apply(new LogEntry(lsn, 1, EntryKind.COMMANDS, EntryCodec.encode(entry)));
        long changed = rig.changedPages() - before;
        int cost = EntryCost.pagesFor(entry, 1024);
        assertTrue(changed <= cost, changed + " pages changed, " + cost + " foreseen");
    }
}
