package io.tidemark.engine.state;

import io.tidemark.engine.log.Version;
import io.tidemark.engine.page.Cell;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiPredicate;

/** Trees as sorted maps: the model that command interpretation is judged by, without pages. */
public final class MapTrees implements Trees {
    private static final byte[] NOTHING = {};

    private final Map<String, TreeMap<byte[], Cell>> trees = new TreeMap<>();

    private TreeMap<byte[], Cell> tree(String name) {
        return trees.computeIfAbsent(name, n -> new TreeMap<>(Arrays::compareUnsigned));
    }

    @Override
    public Optional<Version> version(String tree, byte[] key) {
        return get(tree, key).map(Stored::version);
    }

    @Override
    public Optional<Stored> get(String tree, byte[] key) {
        return cell(tree, key).filter(cell -> !cell.isGhost()).map(cell -> new Stored(cell.content(), cell.version()));
    }

    @Override
    public void put(String tree, byte[] key, byte[] value, Version version) {
        put(tree, key, make(key, NOTHING, value, version));
    }

    @Override
    public boolean delete(String tree, byte[] key) {
        return take(tree, key);
    }

    @Override
    public Optional<byte[]> deleteRange(String tree, byte[] from, byte[] to, int pageBudget) {
        tree(tree)
                .keySet()
                .removeIf(key -> (from == null || Arrays.compareUnsigned(key, from) >= 0)
                        && (to == null || Arrays.compareUnsigned(key, to) < 0));
        return Optional.empty();
    }

    @Override
    public Optional<Cell> cell(String tree, byte[] key) {
        return Optional.ofNullable(tree(tree).get(key));
    }

    @Override
    public Cell make(byte[] key, byte[] head, byte[] value, Version version) {
        byte[] content = Arrays.copyOf(head, head.length + value.length);
        System.arraycopy(value, 0, content, head.length, value.length);
        return new Cell(0, version, 0, 0, content);
    }

    @Override
    public void put(String tree, byte[] key, Cell cell) {
        tree(tree).put(key.clone(), cell);
    }

    @Override
    public boolean take(String tree, byte[] key) {
        return tree(tree).remove(key) != null;
    }

    @Override
    public byte[] overflow(Cell cell) {
        throw new IllegalStateException("no value is too large here");
    }

    @Override
    public void free(Cell cell) {}

    @Override
    public void scan(String tree, byte[] from, byte[] to, BiPredicate<byte[], byte[]> visitor) {
        for (Map.Entry<byte[], Cell> row : tree(tree).entrySet()) {
            boolean inside = (from == null || Arrays.compareUnsigned(row.getKey(), from) >= 0)
                    && (to == null || Arrays.compareUnsigned(row.getKey(), to) < 0);
            if (inside && !visitor.test(row.getKey(), row.getValue().content())) {
                return;
            }
        }
    }

    /** Names of the trees that hold a row, sorted. */
    public List<String> names() {
        return trees.keySet().stream().filter(name -> size(name) > 0).toList();
    }

    /** Rows of a tree. */
    public int size(String tree) {
        return tree(tree).size();
    }
}
