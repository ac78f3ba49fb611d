package io.tidemark.recovery.hazard;

import io.tidemark.shipper.store.ObjectStore;
import io.tidemark.shipper.store.PutOutcome;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The store as one process uses it, which dies at its n-th step: a request, or an append to the log. Thread-safe. */
final class MortalStore implements ObjectStore {
    /** The process is gone; nothing of it runs on. */
    static final class Died extends Error {
        private static final long serialVersionUID = 1L;

        Died() {
            super("the process died", null, false, false);
        }
    }

    /** What becomes of the step at which it dies. */
    enum LastStep {
        NEVER_DONE,
        DONE,
        /** Under way still: it arrives while others go on. */
        DONE_LATER
    }

    private final ObjectStore store;
    private final long dyingStep;
    private final LastStep lastStep;
    private Supplier<?> underWay = () -> null;

    /** Of the last step; nobody is there to hear it. */
    private Object unheard;

    private long steps;
    private boolean dead;

    /** @param dyingStep from 1 on */
    MortalStore(ObjectStore store, long dyingStep, LastStep lastStep) {
        this.store = store;
        this.dyingStep = dyingStep;
        this.lastStep = lastStep;
    }

    /** Takes a step of this process. */
    synchronized <T> T step(Supplier<T> step) {
        if (dead) {
            throw new Died();
        }
        steps++;
        if (steps < dyingStep) {
            return step.get();
        }
        dead = true;
        switch (lastStep) {
            case NEVER_DONE -> {}
            case DONE -> unheard = step.get();
            case DONE_LATER -> underWay = step;
        }
        throw new Died();
    }

    /** What was under way when it died arrives. */
    synchronized void arrive() {
        unheard = underWay.get();
        underWay = () -> null;
    }

    synchronized boolean isDead() {
        return dead;
    }

    synchronized long steps() {
        return steps;
    }

    @Override
    public PutOutcome putIfAbsent(String key, byte[] bytes) {
        return step(() -> store.putIfAbsent(key, bytes));
    }

    @Override
    public Optional<byte[]> get(String key) {
        return step(() -> store.get(key));
    }

    @Override
    public Optional<byte[]> getRange(String key, long offset, int length) {
        return step(() -> store.getRange(key, offset, length));
    }

    @Override
    public Optional<ObjectInfo> head(String key) {
        return step(() -> store.head(key));
    }

    @Override
    public Page page(String prefix, String startAfter) {
        return step(() -> store.page(prefix, startAfter));
    }

    @Override
    public List<String> folders(String prefix) {
        return step(() -> store.folders(prefix));
    }

    @Override
    public void delete(String key) {
        step(() -> {
            store.delete(key);
            return key;
        });
    }

    @Override
    public void close() {}
}
