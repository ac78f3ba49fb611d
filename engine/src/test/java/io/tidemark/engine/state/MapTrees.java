package io.tidemark.engine.state;

import io.tidemark.engine.log.Version;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiPredicate;

/** Trees as sorted maps: the model that command interpretation is judged by, without pages. */
public final class MapTrees implements Trees {
    private final Map<String, TreeMap<byte[], Stored>> trees = new TreeMap<>();

    private TreeMap<byte[], Stored> tree(String name) {
        return trees.computeIfAbsent(name, n -> new TreeMap<>(Arrays::compareUnsigned));
    }

    @Override
    public Optional<Version> version(String tree, byte[] key) {
        return get(tree, key).map(Stored::version);
    }

    @Override
    public Optional<Stored> get(String tree, byte[] key) {
        return Optional.ofNullable(tree(tree).get(key));
    }

    @Override
    public void put(String tree, byte[] key, byte[] value, Version version) {
        tree(tree).put(key.clone(), new Stored(value.clone(), version));
    }

    @Override
    public boolean delete(String tree, byte[] key) {
        return tree(tree).remove(key) != null;
    }

    @Override
    public void scan(String tree, byte[] from, byte[] to, BiPredicate<byte[], byte[]> visitor) {
        for (Map.Entry<byte[], Stored> row : tree(tree).entrySet()) {
            boolean inside = (from == null || Arrays.compareUnsigned(row.getKey(), from) >= 0)
                    && (to == null || Arrays.compareUnsigned(row.getKey(), to) < 0);
            if (inside && !visitor.test(row.getKey(), row.getValue().value())) {
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
