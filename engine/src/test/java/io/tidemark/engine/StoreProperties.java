package io.tidemark.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.tidemark.engine.standalone.ConflictException;
import io.tidemark.engine.standalone.Durability;
import io.tidemark.engine.standalone.Store;
import io.tidemark.engine.standalone.StoreOptions;
import io.tidemark.engine.standalone.Transaction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** A store of its own and several owners against a model: what is committed survives, nothing else does. */
class StoreProperties {
    private static final int STEPS = 250;
    private static final int ABSENT = -1;

    @Property(tries = 40)
    void t2_afterAnyCrashTheStoreIsWhatWasCommitted(@ForAll long seed) {
        new Run(new Random(seed)).play();
    }

    /** One open transaction and what it should see. */
    private static final class Owner {
        final Transaction transaction;
        Map<String, Optional<String>> changes = new HashMap<>();
        Set<String> held = new HashSet<>();
        final Map<String, Integer> reads = new HashMap<>();
        final List<Long> points = new ArrayList<>();
        final List<Owner> then = new ArrayList<>();

        Owner(Transaction transaction) {
            this.transaction = transaction;
        }

        void remember(long point) {
            Owner copy = new Owner(transaction);
            copy.changes.putAll(changes);
            copy.held.addAll(held);
            points.add(point);
            then.add(copy);
        }

        void comeBack(int index) {
            changes = new HashMap<>(then.get(index).changes);
            held = new HashSet<>(then.get(index).held);
            points.subList(index + 1, points.size()).clear();
            then.subList(index + 1, then.size()).clear();
        }
    }

    private static final class Run {
        private final Random random;
        private final EngineRig rig;
        private final StoreOptions options;
        private final List<Owner> owners = new ArrayList<>();

        /** What was committed after each LSN that committed something. */
        private final TreeMap<Long, TreeMap<String, String>> history = new TreeMap<>();

        /** How often a key was changed by a commit; see {@link #version}. */
        private final Map<String, Integer> timesChanged = new HashMap<>();

        private TreeMap<String, String> committed = new TreeMap<>();
        private final int keys;
        private Store store;

        Run(Random random) {
            this.random = random;
            this.keys = 4 + random.nextInt(60);
            this.rig = new EngineRig(EngineRig.options(300, 700 + random.nextInt(3) * 200));
            this.options = StoreOptions.of(rig.options);
            this.store = Store.open(rig.engine, options, () -> 1000);
            history.put(-1L, new TreeMap<>());
        }

        void play() {
            for (int i = 0; i < STEPS; i++) {
                step();
                if (random.nextInt(40) == 0) {
                    crash();
                }
            }
            crash();
            rig.engine.inspection().checkStructure();
        }

        private void step() {
            int kind = random.nextInt(10);
            if (kind == 0 && owners.size() < 5) {
                owners.add(new Owner(store.begin()));
            } else if (kind == 1 || owners.isEmpty()) {
                alone();
            } else if (kind == 2) {
                rig.engine.flushStep();
            } else {
                of(owners.get(random.nextInt(owners.size())));
            }
        }

        /** A write outside of transactions. */
        private void alone() {
            String key = key();
            if (owners.stream().anyMatch(owner -> owner.held.contains(key))) {
                return; // it would try again and again
            }
            Durability durability = random.nextBoolean() ? Durability.SYNC : Durability.NONE;
            if (random.nextBoolean()) {
                String value = value();
                committed(
                        Map.of(key, Optional.of(value)),
                        () -> store.put(EngineRig.SPACE, EngineRig.bytes(key), EngineRig.bytes(value), durability));
            } else {
                committed(Map.of(key, Optional.empty()), () -> {
                    store.delete(EngineRig.SPACE, EngineRig.bytes(key), durability);
                    return store.lsn();
                });
            }
        }

        private void committed(Map<String, Optional<String>> changes, java.util.function.LongSupplier commit) {
            TreeMap<String, String> next = new TreeMap<>(committed);
            changes.forEach((key, value) -> {
                boolean changed = value.isPresent() || committed.containsKey(key);
                value.ifPresentOrElse(v -> next.put(key, v), () -> next.remove(key));
                if (changed) {
                    timesChanged.merge(key, 1, Integer::sum);
                }
            });
            history.put(commit.getAsLong(), next);
            committed = next;
        }

        private void of(Owner owner) {
            Transaction tx = owner.transaction;
            String key = key();
            byte[] bytes = EngineRig.bytes(key);
            switch (random.nextInt(14)) {
                case 0, 1, 2, 3 -> {
                    String value = value();
                    if (write(owner, key, () -> tx.put(EngineRig.SPACE, bytes, EngineRig.bytes(value)))) {
                        owner.changes.put(key, Optional.of(value));
                        owner.held.add(key);
                    }
                }
                case 4, 5 -> {
                    boolean there = seen(owner, key).isPresent();
                    if (write(owner, key, () -> assertEquals(there, tx.delete(EngineRig.SPACE, bytes))) && there) {
                        owner.changes.put(key, Optional.empty());
                        owner.held.add(key);
                    }
                }
                case 6, 7 -> {
                    assertEquals(
                            seen(owner, key), tx.get(EngineRig.SPACE, bytes).map(EngineRig::text));
                    if (!owner.held.contains(key)) {
                        owner.reads.putIfAbsent(key, version(key));
                    }
                }
                case 8 -> {
                    if (lock(owner, key)) {
                        owner.held.add(key);
                    }
                }
                case 9 -> owner.remember(tx.savepoint());
                case 10 -> {
                    if (!owner.points.isEmpty()) {
                        int index = random.nextInt(owner.points.size());
                        tx.rollbackTo(owner.points.get(index));
                        owner.comeBack(index);
                    }
                }
                case 11 -> {
                    owners.remove(owner);
                    committed(
                            owner.changes, () -> tx.commit(random.nextInt(3) == 0 ? Durability.SYNC : Durability.NONE));
                }
                case 12 -> {
                    owners.remove(owner);
                    tx.close();
                }
                default -> assertEquals(committed, rig.rows());
            }
        }

        /** Whether the change was made; it must be refused exactly when somebody holds the key, or changed what was read. */
        private boolean write(Owner owner, String key, Runnable change) {
            boolean stale =
                    !owner.held.contains(key) && owner.reads.containsKey(key) && owner.reads.get(key) != version(key);
            boolean taken = isTaken(owner, key);
            try {
                change.run();
            } catch (ConflictException e) {
                assertTrue(taken || stale, e::getMessage);
                return false;
            }
            if (taken || stale) {
                fail("a change of " + key + " went through, taken " + taken + ", stale " + stale);
            }
            return true;
        }

        /** What a reader remembers of a key; an absent one has no version, so put and removed again it is as it was. */
        private int version(String key) {
            return committed.containsKey(key) ? timesChanged.get(key) : ABSENT;
        }

        private boolean isTaken(Owner owner, String key) {
            return owners.stream().anyMatch(other -> other != owner && other.held.contains(key));
        }

        private boolean lock(Owner owner, String key) {
            try {
                Optional<byte[]> found = owner.transaction.getForUpdate(EngineRig.SPACE, EngineRig.bytes(key));
                assertEquals(seen(owner, key), found.map(EngineRig::text));
                return true;
            } catch (ConflictException e) {
                assertTrue(isTaken(owner, key), e::getMessage);
                return false;
            }
        }

        private Optional<String> seen(Owner owner, String key) {
            Optional<String> own = owner.changes.get(key);
            return own != null ? own : Optional.ofNullable(committed.get(key));
        }

        private void crash() {
            boolean power = random.nextBoolean();
            long durable = rig.engine.durableLsn();
            store.abandon();
            owners.clear();
            if (power) {
                rig.powerOffAndReopen();
                history.tailMap(durable, false).clear();
                committed = history.lastEntry().getValue();
            } else {
                rig.killAndReopen();
            }
            store = Store.open(rig.engine, options, () -> 1000);
            assertEquals(committed, rig.rows());
            assertTrue(store.engine().transactions().open().isEmpty());
            assertTrue(store.engine().work().isEmpty());
            assertEquals(store.lsn(), store.durableLsn());
        }

        private String key() {
            return "key" + random.nextInt(keys);
        }

        private String value() {
            return EngineRig.value(random.nextInt(), random.nextInt(random.nextInt(10) == 0 ? 5000 : 150));
        }
    }
}
