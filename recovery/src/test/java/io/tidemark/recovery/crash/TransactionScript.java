package io.tidemark.recovery.crash;

import io.tidemark.engine.log.Command;
import io.tidemark.engine.log.Operation;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** What owners of transactions ask for, and the log's owner for them; some of it too late, or of somebody else. */
final class TransactionScript {
    private static final int OPEN_MAX = 4;
    private static final int SLICE_ROWS = 2;

    private final Random random;
    private final LogScript script;

    TransactionScript(Random random, LogScript script) {
        this.random = random;
        this.script = script;
    }

    Command next(LogModel before) {
        List<Long> known = List.copyOf(before.transactions.all.keySet());
        if (known.size() < (random.nextInt(8) == 0 ? OPEN_MAX : 2)) {
            return Command.of(new Operation.Begin(1 + random.nextInt(20_000)));
        }
        if (random.nextInt(12) == 0) {
            return Command.of(forAll(before));
        }
        long owner = known.get(random.nextInt(known.size()));
        return Command.in(random.nextInt(30) == 0 ? 1 + random.nextInt(9) : owner, of(before, owner));
    }

    /** Whatever the log's owner has to propose. */
    Operation work(LogModel before) {
        int rows = 1 + random.nextInt(SLICE_ROWS);
        return before.transactions
                .work(rows)
                .orElseGet(() -> new Operation.RollbackSlice(1 + random.nextInt(9), 1, rows));
    }

    private Operation forAll(LogModel before) {
        if (random.nextBoolean()) {
            return new Operation.ExpireTransactions(before.timeMillis() + random.nextInt(4_000) - 2_000);
        }
        Operation work = work(before);
        return work instanceof Operation.CleanSlice clean
                ? new Operation.CleanSlice(clean.transaction(), clean.from() + random.nextInt(2), clean.rows())
                : work;
    }

    private Operation of(LogModel before, long owner) {
        int rows = random.nextInt(SLICE_ROWS + 1);
        return switch (random.nextInt(22)) {
            case 0, 1 -> new Operation.Savepoint();
            case 2 ->
                new Operation.RollbackTo(
                        1
                                + random.nextInt(
                                        1 + before.transactions.all.get(owner).rows()),
                        rows);
            case 3 -> new Operation.LockKey(script.space(), script.key());
            case 4 -> range();
            case 5, 6 -> new Operation.Commit(rows);
            case 7 -> new Operation.Rollback(rows);
            case 8, 9, 10, 11, 12 -> script.delete(before);
            default -> script.put(before);
        };
    }

    /** Mostly of a few keys, or there would be conflicts only. */
    private Operation range() {
        byte[] from = script.key();
        byte[] to = Arrays.copyOf(from, from.length + 1);
        to[from.length] = "-5".getBytes(StandardCharsets.ISO_8859_1)[random.nextInt(2)];
        return new Operation.LockRange(
                script.space(), random.nextInt(30) == 0 ? null : from, random.nextInt(30) == 0 ? null : to);
    }
}
