package io.tidemark.bench.trial;

import io.tidemark.bench.peer.KeyValueEngine;
import io.tidemark.bench.peer.KeyValueEngine.Direction;

/** Single operations on one engine, each checked against what must be there. One thread; no garbage. */
public final class Operations {
    /** Of the values read, every so manieth is compared whole. */
    private static final int WHOLE_EVERY = 64;

    private final KeyValueEngine engine;
    private final Expected expected;
    private final Values values;
    private final byte[] key = new byte[Keys.BYTES];
    private final byte[] value;
    private final byte[] read;
    private int reads;

    public Operations(KeyValueEngine engine, Expected expected, Values values) {
        this.engine = engine;
        this.expected = expected;
        this.values = values;
        this.value = new byte[values.bytes()];
        this.read = new byte[values.bytes()];
    }

    public void put(int index) {
        Keys.stored(index, key);
        values.write(index, expected.next(index), value);
        engine.put(key, value);
    }

    /** Bytes of one put. */
    public int putBytes() {
        return key.length + value.length;
    }

    public void get(int index) {
        Keys.stored(index, key);
        check(index, read, engine.get(key, read));
    }

    private void check(int index, byte[] bytes, int length) {
        int generation = expected.generation(index);
        boolean right = length == KeyValueEngine.ABSENT
                ? generation == Expected.ABSENT
                : ++reads % WHOLE_EVERY == 0
                        ? values.isWhole(index, generation, bytes, length)
                        : values.isStamped(index, generation, bytes, length);
        if (!right) {
            throw new WrongAnswer("record " + index + " should be of generation " + generation + ", but "
                    + (length == KeyValueEngine.ABSENT ? "is absent" : "has other bytes, " + length + " of them"));
        }
    }

    public void getMissing(int index) {
        Keys.missing(index, key);
        int length = engine.get(key, read);
        if (length != KeyValueEngine.ABSENT) {
            throw new WrongAnswer("a key that was never put has a value of " + length + " bytes");
        }
    }

    public void delete(int index) {
        Keys.stored(index, key);
        expected.remove(index);
        engine.delete(key);
    }

    /** When a scan should stop. */
    @FunctionalInterface
    public interface Enough {
        /** @param rows how many it has seen */
        boolean after(long rows);
    }

    /** Checks order and every row, and at the natural end that none was left out; returns the rows seen. */
    public long scan(Direction direction, Enough enough) {
        int step = direction == Direction.FORWARD ? 1 : -1;
        int first = direction == Direction.FORWARD ? 0 : expected.records() - 1;
        int[] next = {expected.presentFrom(first, step)};
        long[] rows = {0};
        boolean[] stopped = {false};
        engine.scan(direction, (scannedKey, scannedValue, length) -> {
            int index = Keys.index(scannedKey);
            if (index != next[0]) {
                throw new WrongAnswer("a scan finds record " + index + " where " + next[0] + " comes next");
            }
            check(index, scannedValue, length);
            next[0] = expected.presentFrom(index + step, step);
            stopped[0] = enough.after(++rows[0]);
            return !stopped[0];
        });
        if (!stopped[0] && next[0] >= 0) {
            throw new WrongAnswer("a scan ends before record " + next[0]);
        }
        return rows[0];
    }
}
