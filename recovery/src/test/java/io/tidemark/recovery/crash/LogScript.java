package io.tidemark.recovery.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidemark.engine.EntryCost;
import io.tidemark.engine.log.Command;
import io.tidemark.engine.log.Entry;
import io.tidemark.engine.log.EntryCodec;
import io.tidemark.engine.log.EntryKind;
import io.tidemark.engine.log.EntryLimits;
import io.tidemark.engine.log.LogEntry;
import io.tidemark.engine.log.Operation;
import io.tidemark.engine.log.Precondition;
import io.tidemark.engine.log.Reply;
import io.tidemark.engine.log.SessionRef;
import io.tidemark.engine.log.Version;
import io.tidemark.engine.store.MemoryColdPages;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A random log from its first entry on, with what it means after each. Everything that a log may hold is in it, some of
 * it refused on purpose. Entries stay below the pages that a small store allows (rule E2).
 */
final class LogScript {
    private static final String[] SPACES = {"files", "rows", "z"};

    /**
     * Pages that an entry has beside those of its writes. {@link EntryCost} says more, for trees that are higher and
     * sessions that are larger than any here; by its count an entry of these stores would hold no command at all.
     */
    private static final int OVERHEAD_PAGES = 64;

    /** Fewest pages that a range delete may have. */
    private static final int RANGE_PAGES = Operation.DeleteRange.PAGES_MIN;

    private final Random random;
    private final TransactionScript transactions;
    private final Reference reference;
    private final int pageBytes;
    private final int pagesMax;
    private final int transactionsOfTen;
    private final int rangePages;
    private final int keys;
    private final int valueMax;
    private final int putsOfTen;

    /** Decides when a checkpoint of pages was shipped; null for a log that ships none. */
    private final Random shipping;

    private final List<LogEntry> entries = new ArrayList<>();
    private final List<LogModel> models = new ArrayList<>();
    private final List<List<Reply>> replies = new ArrayList<>();
    private final Map<Version, List<Command>> asked = new TreeMap<>();
    private long term = 1;
    private long timeMillis = 1_000_000;

    /**
     * @param length entries in all
     * @param valueMax longest value, which a few commands have
     */
    LogScript(Random random, int length, int keys, int valueMax, StoreOnDisk store) {
        this(random, length, keys, valueMax, store, RANGE_PAGES);
    }

    /** @param rangePages that a range delete has at least; with enough of them each is done at once */
    LogScript(Random random, int length, int keys, int valueMax, StoreOnDisk store, int rangePages) {
        this(random, null, length, keys, valueMax, store, rangePages);
    }

    /** A log that tells of checkpoints of pages, which {@link #cold} then has. */
    static LogScript shipping(Random random, long seed, int length, int keys, int valueMax, StoreOnDisk store) {
        return new LogScript(random, new Random(seed), length, keys, valueMax, store, RANGE_PAGES);
    }

    private LogScript(
            Random random, Random shipping, int length, int keys, int valueMax, StoreOnDisk store, int rangePages) {
        this.shipping = shipping;
        this.rangePages = rangePages;
        this.random = random;
        this.transactions = new TransactionScript(random, this);
        this.reference = new Reference(store, shipping == null ? null : new MemoryColdPages());
        this.keys = keys;
        this.valueMax = valueMax;
        this.pageBytes = store.options().pageBytes();
        this.pagesMax = store.options().maxEntryPages();
        this.transactionsOfTen = random.nextInt(3) * 3;
        this.putsOfTen = 5 + random.nextInt(4);
        models.add(new LogModel());
        while (entries.size() < length) {
            LogEntry entry = next();
            LogModel after = model(last()).copy();
            List<Reply> answered = reference.apply(entry);
            List<Reply> meant = after.apply(entry, answered);
            assertEquals(meant, answered, () -> "replies of LSN " + entry.lsn() + ", " + commandsOf(entry));
            replies.add(meant);
            models.add(after);
            entries.add(entry);
        }
        reference.end();
    }

    /** The pages of its checkpoints, by a way of its own; null for a log that ships none. */
    MemoryColdPages cold() {
        return reference.cold() == null ? null : reference.cold().another();
    }

    static List<Command> commandsOf(LogEntry entry) {
        return EntryCodec.decode(entry.payload()).commands();
    }

    /** An engine that applied the log undisturbed. */
    Reference reference() {
        return reference;
    }

    long last() {
        return entries.size() - 1;
    }

    LogEntry entry(long lsn) {
        return entries.get((int) lsn);
    }

    List<Reply> replies(long lsn) {
        return replies.get((int) lsn);
    }

    /** What holds after that entry; -1: before the first. Not to be changed. */
    LogModel model(long lsn) {
        return models.get((int) lsn + 1);
    }

    /** An entry after {@code lsn} that asks again for everything that sessions asked up to there, and tries every lock. */
    LogEntry askedAgain(long lsn) {
        List<Command> again = new ArrayList<>();
        asked.values()
                .forEach(commands -> commands.stream()
                        .filter(command -> known(model(lsn), command.session()))
                        .forEach(again::add));
        again.add(Command.of(new Operation.AllocateIncarnation("n1")));
        for (String[] locked : model(lsn).transactions.lockedKeys()) {
            again.add(Command.of(new Operation.Delete(locked[0], bytes(locked[1]), Precondition.NONE)));
        }
        return commands(lsn + 1, model(lsn).term(), again);
    }

    private static boolean known(LogModel model, SessionRef ref) {
        LogModel.Session session = model.sessions.get(ref.session());
        return session == null || ref.sequence() <= session.forgotten || session.replies.containsKey(ref.sequence());
    }

    private LogEntry next() {
        long lsn = entries.size();
        if (random.nextInt(12) == 0) {
            term += 1 + random.nextInt(2);
        }
        timeMillis += random.nextInt(2_000) - 200;
        if (shipping != null && shipping.nextInt(4) == 0 && lsn > 0) {
            return commands(lsn, term, shipped(lsn, model(lsn - 1)));
        }
        int kind = random.nextInt(20);
        if (kind == 0) {
            byte[] members = bytes("members of " + lsn + " ".repeat(random.nextInt(200)));
            return new LogEntry(lsn, term, EntryKind.CONFIGURATION, members);
        }
        if (kind == 1) {
            return new LogEntry(lsn, term, EntryKind.METADATA, new byte[] {1, 2, 3});
        }
        List<Command> commands = new ArrayList<>();
        int pages = OVERHEAD_PAGES;
        for (int n = 1 + random.nextInt(6); n > 0; n--) {
            Command command = command(lsn, model(lsn - 1));
            pages += pagesOf(command);
            if (pages <= pagesMax) {
                commands.add(command);
                if (command.session() != null) {
                    asked.computeIfAbsent(command.session().session(), id -> new ArrayList<>())
                            .add(command);
                }
            }
        }
        if (commands.isEmpty()) {
            commands.add(Command.of(new Operation.ObserveContents()));
        }
        return commands(lsn, term, commands);
    }

    private int pagesOf(Command command) {
        Operation operation = command.operation();
        boolean byOurs = operation instanceof Operation.Delete
                || operation instanceof Operation.HistoryStarted
                || operation instanceof Operation.ExpireSessions
                || operation instanceof Operation.ExpireTransactions
                || operation instanceof Operation.OpenSession;
        return byOurs ? 8 : EntryCost.pagesFor(Command.of(operation), pageBytes);
    }

    private LogEntry commands(long lsn, long ofTerm, List<Command> commands) {
        Entry entry = new Entry(timeMillis, commands);
        EntryLimits.check(entry);
        return new LogEntry(lsn, ofTerm, EntryKind.COMMANDS, EntryCodec.encode(entry));
    }

    private Command command(long lsn, LogModel before) {
        if (random.nextInt(10) < transactionsOfTen) {
            Command command = transactions.next(before);
            boolean alone = before.sessions.isEmpty() || random.nextInt(4) > 0;
            return alone ? command : inSession(before, command.transaction(), command.operation());
        }
        switch (random.nextInt(24)) {
            case 0:
                return Command.of(new Operation.OpenSession());
            case 1:
                return Command.of(advance(lsn, before));
            case 2:
                return Command.of(rare(lsn));
            case 3:
                return Command.of(deleteRange());
            case 4, 5:
                return Command.of(transactions.work(before));
            default:
                Operation operation = random.nextInt(10) < putsOfTen ? put(before) : delete(before);
                return before.sessions.isEmpty() || random.nextBoolean()
                        ? Command.of(operation)
                        : inSession(before, Command.NO_TRANSACTION, operation);
        }
    }

    private Operation rare(long lsn) {
        return switch (random.nextInt(5)) {
            case 0 -> new Operation.ExpireSessions(timeMillis - random.nextInt(10_000));
            case 1 -> new Operation.AllocateIncarnation("n" + random.nextInt(3));
            case 2 -> new Operation.HistoryStarted("history of " + lsn, "parent", lsn - 1);
            default -> new Operation.ObserveContents();
        };
    }

    private Operation advance(long lsn, LogModel before) {
        boolean follows = random.nextInt(4) > 0;
        long first = follows ? before.shipped() + 1 : random.nextInt((int) lsn + 2);
        long last = follows && first < lsn ? between(first, lsn - 1) : random.nextInt((int) lsn + 2);
        return new Operation.AdvanceHighWater(first, last, "segment/" + first, 1, new byte[32], 42);
    }

    /** S3 has a checkpoint at some LSN before this entry, or, now and then, at one that nobody accepts. */
    private List<Command> shipped(long lsn, LogModel before) {
        List<Command> commands = new ArrayList<>();
        if (before.shipped() < lsn - 1) {
            commands.add(Command.of(new Operation.AdvanceHighWater(
                    before.shipped() + 1, lsn - 1, "segment/" + lsn, 1, new byte[32], 42)));
        }
        long base = before.checkpoint();
        long at = Math.min(lsn - 1, base + 1 + shipping.nextInt((int) (lsn - base)));
        long ofTerm = before.termOf(at) + (shipping.nextInt(10) == 0 ? 1 : 0);
        commands.add(
                Command.of(new Operation.CheckpointShipped(base, at, ofTerm, 42, "checkpoint/" + at, 1, new byte[32])));
        return commands;
    }

    private long between(long low, long high) {
        return low + (high > low ? random.nextInt((int) (high - low) + 1) : 0);
    }

    /** A new request, or one that was made before. */
    private Command inSession(LogModel before, long transaction, Operation operation) {
        List<Version> open = new ArrayList<>(before.sessions.keySet());
        Version id = open.get(random.nextInt(open.size()));
        List<Command> earlier = asked.getOrDefault(id, List.of());
        if (!earlier.isEmpty() && random.nextInt(4) == 0) {
            return earlier.get(random.nextInt(earlier.size()));
        }
        long sequence = 1
                + earlier.stream().mapToLong(c -> c.session().sequence()).max().orElse(0);
        long gap = random.nextInt(2);
        long replied = random.nextInt(3) == 0 ? random.nextInt((int) sequence) : 0;
        return new Command(new SessionRef(id, sequence + gap, replied), transaction, operation);
    }

    Operation put(LogModel before) {
        String space = space();
        byte[] key = key();
        return new Operation.Put(space, key, value(), condition(before, space, key));
    }

    Operation delete(LogModel before) {
        String space = space();
        TreeMap<String, LogModel.Held> rows = before.keyspaces.getOrDefault(space, new TreeMap<>());
        byte[] key = key();
        if (!rows.isEmpty() && random.nextInt(4) > 0) {
            String found = rows.ceilingKey(LogModel.text(key));
            key = (found == null ? rows.firstKey() : found).getBytes(StandardCharsets.ISO_8859_1);
        }
        return new Operation.Delete(space, key, condition(before, space, key));
    }

    private Precondition condition(LogModel before, String space, byte[] key) {
        LogModel.Held held =
                before.keyspaces.getOrDefault(space, new TreeMap<>()).get(LogModel.text(key));
        return switch (random.nextInt(8)) {
            case 0 -> Precondition.ABSENT;
            case 1 -> new Precondition.VersionIs(held == null ? new Version(0, 0) : held.version());
            default -> Precondition.NONE;
        };
    }

    private Operation deleteRange() {
        byte[] low = key();
        byte[] high = key();
        if (Arrays.compareUnsigned(low, high) >= 0) {
            high = Arrays.copyOf(low, low.length + 1);
        }
        return new Operation.DeleteRange(
                space(),
                random.nextInt(10) == 0 ? null : low,
                random.nextInt(10) == 0 ? null : high,
                rangePages + random.nextInt(12));
    }

    String space() {
        return SPACES[random.nextInt(3) * random.nextInt(2)];
    }

    byte[] key() {
        int number = random.nextInt(keys);
        return bytes(number % 3 == 0 ? number + "-" + "k".repeat(90) : "key" + number);
    }

    private byte[] value() {
        int length = switch (random.nextInt(8)) {
            case 0 -> 0;
            case 1 -> random.nextInt(valueMax + 1);
            default -> random.nextInt(Math.min(valueMax, 240) + 1);
        };
        byte[] value = new byte[length];
        random.nextBytes(value);
        return value;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
