package io.tidemark.shipper.store;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A store past all its faults, to be read only.
 *
 * @param peek gives an object by its key, null when there is none
 * @param keys all of them, in order
 */
public record PeekedStore(Function<String, byte[]> peek, Supplier<List<String>> keys) implements ObjectStore {
    public static PeekedStore of(SimulatedObjectStore store) {
        return new PeekedStore(store::peek, store::keys);
    }

    @Override
    public PutOutcome putIfAbsent(String key, byte[] bytes) {
        throw new UnsupportedOperationException("only read here");
    }

    @Override
    public Optional<byte[]> get(String key) {
        return Optional.ofNullable(peek.apply(key));
    }

    @Override
    public Optional<byte[]> getRange(String key, long offset, int length) {
        return get(key).map(b -> Arrays.copyOfRange(b, (int) offset, (int) offset + length));
    }

    @Override
    public Optional<ObjectInfo> head(String key) {
        return get(key).map(b -> new ObjectInfo(key, b.length, Hashes.sha256Hex(b)));
    }

    @Override
    public Page page(String prefix, String startAfter) {
        List<ObjectInfo> found = keys.get().stream()
                .filter(k -> k.startsWith(prefix) && (startAfter == null || k.compareTo(startAfter) > 0))
                .map(k -> new ObjectInfo(k, peek.apply(k).length, null))
                .toList();
        return new Page(found, false);
    }

    @Override
    public List<String> folders(String prefix) {
        return keys.get().stream()
                .filter(key -> key.startsWith(prefix))
                .map(key -> key.substring(prefix.length()))
                .filter(rest -> rest.indexOf('/') > 0)
                .map(rest -> rest.substring(0, rest.indexOf('/')))
                .distinct()
                .toList();
    }

    @Override
    public void delete(String key) {
        throw new UnsupportedOperationException("only read here");
    }

    @Override
    public void close() {}
}
