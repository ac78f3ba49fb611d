package io.tidemark.raft.node;

import io.tidemark.raft.Member;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Whether this node's clock may say that something has expired: only while it is near the median of the members' clocks,
 * and most of them have been heard (rule E7). A leader whose clock has jumped ends nobody's transaction.
 */
final class ClockGuard {
    /** How far from the median is near: twice what an answer over the network may be late, and then some. */
    static final long APART_MILLIS_MAX = 5_000;

    private final Member self;
    private final Supplier<List<Member>> members;
    private final PeerClocks peers;
    private final LongSupplier clockMillis;

    ClockGuard(Member self, Supplier<List<Member>> members, PeerClocks peers, LongSupplier clockMillis) {
        this.self = self;
        this.members = members;
        this.peers = peers;
        this.clockMillis = clockMillis;
    }

    /**
     * How far the clock in the middle of the members' is ahead of this node's, milliseconds; of an even number, the two in
     * the middle.
     *
     * @param mostAgree whether most of all members, heard or not, have a clock near that one
     */
    record Apart(long least, long most, boolean mostAgree) {
        boolean isNear() {
            return Math.max(Math.abs(least), Math.abs(most)) <= APART_MILLIS_MAX;
        }

        /** Whether those in the middle say the same, so that they may set a clock that does not. */
        boolean isAgreed() {
            return most - least <= APART_MILLIS_MAX;
        }
    }

    /** Asks the others. Blocks for as long as they take to answer. */
    boolean isNearMedian() {
        return apart().filter(Apart::isNear).isPresent();
    }

    /** Empty when most were not heard. Blocks as above. */
    Optional<Apart> apart() {
        List<Member> all = members.get();
        List<Long> apart = new ArrayList<>();
        for (Member member : all) {
            if (member.equals(self)) {
                apart.add(0L);
                continue;
            }
            long asked = clockMillis.getAsLong();
            OptionalLong theirs = peers.clockMillis(member.http());
            long answered = clockMillis.getAsLong();
            theirs.ifPresent(millis -> apart.add(millis - (asked + answered) / 2));
        }
        if (apart.size() <= all.size() / 2) {
            return Optional.empty();
        }
        Collections.sort(apart);
        long least = apart.get((apart.size() - 1) / 2);
        long near = apart.stream()
                .filter(clock -> Math.abs(clock - least) <= APART_MILLIS_MAX)
                .count();
        return Optional.of(new Apart(least, apart.get(apart.size() / 2), near > all.size() / 2));
    }
}
