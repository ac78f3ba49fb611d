package io.tidemark.bench.trial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.bench.peer.KeyValueEngine;
import io.tidemark.bench.peer.KeyValueEngine.Direction;
import java.util.Arrays;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An engine that is wrong is found out, whatever it gets wrong. */
class OperationsTest {
    private static final int RECORDS = 200;
    private static final int VALUE_BYTES = 100;

    private final MapEngine engine = new MapEngine();
    private final Expected expected = new Expected(RECORDS);
    private final Operations operations = new Operations(engine, expected, new Values(VALUE_BYTES, 1));

    @BeforeEach
    void fill() {
        Permutation order = new Permutation(RECORDS, 7);
        for (int i = 0; i < RECORDS; i++) {
            operations.put(order.at(i));
        }
        operations.delete(5);
        operations.put(6);
    }

    @Test
    void rightAnswersPass() {
        for (int i = 0; i < RECORDS; i++) {
            operations.get(i);
            operations.getMissing(i);
        }
        assertEquals(RECORDS - 1, operations.scan(Direction.FORWARD, rows -> false));
        assertEquals(RECORDS - 1, operations.scan(Direction.BACKWARD, rows -> false));
        assertEquals(3, operations.scan(Direction.FORWARD, rows -> rows == 3));
    }

    @Test
    void aLostRowIsFound() {
        engine.rows.remove(key(7));
        assertWrong(o -> o.get(7));
        assertWrong(o -> o.scan(Direction.FORWARD, rows -> false));
        assertWrong(o -> o.scan(Direction.BACKWARD, rows -> false));
    }

    @Test
    void aLostLastRowIsFound() {
        engine.rows.pollLastEntry();
        assertWrong(o -> o.scan(Direction.FORWARD, rows -> false));
    }

    @Test
    void aDeletedRowThatIsBackIsFound() {
        engine.rows.put(key(5), engine.rows.get(key(4)));
        assertWrong(o -> o.get(5));
        assertWrong(o -> o.scan(Direction.FORWARD, rows -> false));
    }

    @Test
    void anotherRecordsValueIsFound() {
        engine.rows.put(key(8), engine.rows.get(key(9)));
        assertWrong(o -> o.get(8));
    }

    @Test
    void anOlderValueIsFound() {
        byte[] old = new byte[VALUE_BYTES];
        new Values(VALUE_BYTES, 1).write(6, 1, old);
        engine.rows.put(key(6), old);
        assertWrong(o -> o.get(6));
    }

    @Test
    void aByteInTheMiddleIsFoundInTime() {
        engine.rows.get(key(3))[VALUE_BYTES / 2] ^= 1;
        assertWrong(o -> {
            for (int i = 0; i < 64; i++) {
                o.get(3);
            }
        });
    }

    @Test
    void permutationsHitEveryPlaceOnce() {
        for (int size : new int[] {1, 2, 3, 1000, 4097}) {
            boolean[] hit = new boolean[size];
            Permutation permutation = new Permutation(size, 99);
            for (int i = 0; i < size; i++) {
                assertTrue(!hit[permutation.at(i)], size + " at " + i);
                hit[permutation.at(i)] = true;
            }
        }
    }

    private void assertWrong(Consumer<Operations> use) {
        assertThrows(WrongAnswer.class, () -> use.accept(operations));
    }

    private static byte[] key(int index) {
        byte[] key = new byte[Keys.BYTES];
        Keys.stored(index, key);
        assertEquals(index, Keys.index(key));
        return key;
    }

    /** A map that does as it is told. */
    private static final class MapEngine implements KeyValueEngine {
        final NavigableMap<byte[], byte[]> rows = new TreeMap<>(Arrays::compareUnsigned);

        @Override
        public void put(byte[] key, byte[] value) {
            rows.put(key.clone(), value.clone());
        }

        @Override
        public int get(byte[] key, byte[] target) {
            byte[] value = rows.get(key);
            if (value == null) {
                return ABSENT;
            }
            System.arraycopy(value, 0, target, 0, value.length);
            return value.length;
        }

        @Override
        public void delete(byte[] key) {
            rows.remove(key);
        }

        @Override
        public void scan(Direction direction, RowSink sink) {
            var ordered = direction == Direction.FORWARD ? rows : rows.descendingMap();
            for (var row : ordered.entrySet()) {
                if (!sink.row(row.getKey(), row.getValue(), row.getValue().length)) {
                    return;
                }
            }
        }

        @Override
        public void transaction(byte[][] keys, byte[][] values) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void sync() {}

        @Override
        public void close() {}
    }
}
