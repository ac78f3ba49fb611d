package io.tidemark.shipper.store;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * An object store in memory, stricter than S3: an object never changes, no key may be a prefix of another's folder, and
 * what a caller gets or gives is copied. Faults come by switch, or at random by {@link #faults}. Thread-safe.
 */
public final class SimulatedObjectStore implements ObjectStore {
    /** How likely each fault is, per call, in percent. */
    public record Faults(int unavailable, int lostAnswer, int neverDone, int doneLate) {
        public static final Faults NONE = new Faults(0, 0, 0, 0);
    }

    private record Stored(byte[] bytes, String sha256) {}

    private record LatePut(String key, byte[] bytes) {}

    private final TreeMap<String, Stored> objects = new TreeMap<>();
    private final List<LatePut> late = new ArrayList<>();
    private RandomGenerator random;
    private Faults faults = Faults.NONE;
    private boolean away;
    private String hidden;
    private boolean handsOutDamage;
    private int pageKeys = 1_000;
    private int requests;
    private int bytesPut;

    /** From now on faults happen at random. */
    public synchronized void faults(Faults chances, RandomGenerator source) {
        this.faults = chances;
        this.random = source;
    }

    /** Off: nothing is answered until it is switched on again. */
    public synchronized void available(boolean on) {
        away = !on;
    }

    /** Whether get() answers damaged bytes as they are, as if their hash had been damaged with them. */
    public synchronized void handOutDamage(boolean on) {
        handsOutDamage = on;
    }

    /** How many keys a page of a listing has; 1,000 at first, as in S3. */
    public synchronized void pageKeys(int keys) {
        pageKeys = keys;
    }

    /** Requests that reached the store. */
    public synchronized int requests() {
        return requests;
    }

    public synchronized int bytesPut() {
        return bytesPut;
    }

    /** Another store with the same objects. */
    public synchronized SimulatedObjectStore copy() {
        SimulatedObjectStore copy = new SimulatedObjectStore();
        copy.objects.putAll(objects);
        return copy;
    }

    /** Flips bits of one byte at rest. */
    public synchronized void flip(String key, int offset, int mask) {
        Stored stored = objects.get(key);
        stored.bytes()[offset] ^= (byte) mask;
    }

    /** Removes an object, as no part of this project does without a reason. */
    public synchronized void lose(String key) {
        if (objects.remove(key) == null) {
            throw new IllegalArgumentException("no object " + key);
        }
    }

    /** Goes on to list an object, and says of it that it does not exist. */
    public synchronized void hide(String key) {
        hidden = key;
    }

    /** PUTs that timed out and are still under way now arrive, if their key is free. */
    public synchronized void deliverLatePuts() {
        late.forEach(put -> create(put.key(), put.bytes()));
        late.clear();
    }

    public synchronized List<String> keys() {
        return List.copyOf(objects.keySet());
    }

    /** The object, past all faults; null when it does not exist. */
    public synchronized byte[] peek(String key) {
        Stored stored = objects.get(key);
        return stored == null ? null : stored.bytes().clone();
    }

    @Override
    public synchronized PutOutcome putIfAbsent(String key, byte[] bytes) {
        answerOrFail(key);
        if (hits(faults.neverDone())) {
            return PutOutcome.UNKNOWN;
        }
        if (hits(faults.doneLate())) {
            late.add(new LatePut(key, bytes.clone()));
            return PutOutcome.UNKNOWN;
        }
        Stored there = objects.get(key);
        if (there == null) {
            create(key, bytes);
            return hits(faults.lostAnswer()) ? PutOutcome.UNKNOWN : PutOutcome.CREATED;
        }
        return Arrays.equals(there.bytes(), bytes) ? PutOutcome.ALREADY_OURS : PutOutcome.FENCED;
    }

    private void create(String key, byte[] bytes) {
        String below = objects.ceilingKey(key + "/");
        if (below != null && below.startsWith(key + "/")) {
            throw new AssertionError("key " + key + " is a prefix of " + below);
        }
        bytesPut += bytes.length;
        objects.putIfAbsent(key, new Stored(bytes.clone(), Hashes.sha256Hex(bytes)));
    }

    @Override
    public synchronized Optional<byte[]> get(String key) {
        answerOrFail(key);
        Stored stored = objects.get(key);
        if (stored == null || key.equals(hidden)) {
            return Optional.empty();
        }
        String found = Hashes.sha256Hex(stored.bytes());
        if (!handsOutDamage && !found.equals(stored.sha256())) {
            throw new TidemarkException(
                    ErrorKind.CORRUPT,
                    "object " + key + " is damaged: SHA-256 " + found + ", stored with " + stored.sha256());
        }
        return Optional.of(stored.bytes().clone());
    }

    /** As S3, it hands out a part without looking at the hash of the whole. */
    @Override
    public synchronized Optional<byte[]> getRange(String key, long offset, int length) {
        answerOrFail(key);
        Stored stored = objects.get(key);
        if (stored == null) {
            return Optional.empty();
        }
        int end = Math.toIntExact(offset + length);
        if (offset < 0 || length < 1 || end > stored.bytes().length) {
            throw new TidemarkException(ErrorKind.CORRUPT, "object " + key + " ends before byte " + end);
        }
        return Optional.of(Arrays.copyOfRange(stored.bytes(), (int) offset, end));
    }

    @Override
    public synchronized Optional<ObjectInfo> head(String key) {
        answerOrFail(key);
        return Optional.ofNullable(objects.get(key)).map(o -> new ObjectInfo(key, o.bytes().length, o.sha256()));
    }

    @Override
    public synchronized Page page(String prefix, String startAfter) {
        answerOrFail(prefix);
        List<ObjectInfo> found = new ArrayList<>();
        String from = startAfter == null || startAfter.compareTo(prefix) < 0 ? prefix : startAfter;
        for (Map.Entry<String, Stored> each : objects.tailMap(from, true).entrySet()) {
            if (!each.getKey().startsWith(prefix)) {
                break;
            }
            if (found.size() == pageKeys) {
                return new Page(found, true);
            }
            if (!each.getKey().equals(startAfter)) {
                found.add(new ObjectInfo(each.getKey(), each.getValue().bytes().length, null));
            }
        }
        return new Page(found, false);
    }

    @Override
    public synchronized List<String> folders(String prefix) {
        return list(prefix, null).stream()
                .map(o -> o.key().substring(prefix.length()))
                .filter(rest -> rest.indexOf('/') > 0)
                .map(rest -> rest.substring(0, rest.indexOf('/')))
                .distinct()
                .toList();
    }

    /** A lost answer comes after it was done, a request that was never done is an error too: the caller asks again. */
    @Override
    public synchronized void delete(String key) {
        answerOrFail(key);
        boolean undone = hits(faults.neverDone());
        if (!undone) {
            objects.remove(key);
        }
        if (undone || hits(faults.lostAnswer())) {
            throw new TidemarkException(ErrorKind.UNAVAILABLE, "simulated S3 gave no answer to a delete of " + key);
        }
    }

    private void answerOrFail(String key) {
        requests++;
        if (!late.isEmpty() && random != null && random.nextInt(100) < 10) {
            deliverLatePuts();
        }
        if (away || hits(faults.unavailable())) {
            throw new TidemarkException(ErrorKind.UNAVAILABLE, "simulated S3 is away (" + key + ")");
        }
    }

    private boolean hits(int percent) {
        return percent > 0 && random.nextInt(100) < percent;
    }

    @Override
    public void close() {}
}
