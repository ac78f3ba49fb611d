package io.tidemark.jepsen.checker;

import io.tidemark.jepsen.history.Call;
import io.tidemark.jepsen.history.History;
import io.tidemark.jepsen.history.Values;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A set to which elements are added, each once ({@code add x}), and that is read whole ({@code read [x, …]}). The last read
 * that was done is the final one; without one that began after the last acknowledged add nothing is known of lost elements.
 *
 * <p>Every acknowledged element is in the final read, and in every read that began after its acknowledgement; none is there
 * that nobody added, or whose addition certainly failed; none twice.
 *
 * <p>Counted: {@code acknowledged}, {@code lost}, {@code recovered} (unclear additions that are there), {@code never-read}
 * (unclear additions that are not), {@code unexpected}.
 */
public final class SetChecker implements Checker {

    /** Acknowledged, and not in the final read. */
    public static final String LOST = "lost-element";
    /** Acknowledged before a read began that does not have it, though later ones do. */
    public static final String STALE = "stale-read";
    /** In a read, and nobody added it. */
    public static final String UNEXPECTED = "unexpected-element";
    /** In a read, and its addition was refused. */
    public static final String FAILED = "failed-element-read";
    /** In a read twice. */
    public static final String DUPLICATE = "duplicate-element";

    @Override
    public Verdict check(History history, Limits limits) {
        Findings findings = new Findings();
        Map<Object, Call> adds = new HashMap<>();
        List<Call> reads = new ArrayList<>();
        for (Call call : history.calls()) {
            switch (call.f()) {
                case "add" -> {
                    if (adds.put(call.invoke().value(), call) != null) {
                        throw new IllegalArgumentException(
                                "element " + call.invoke().value() + " is added twice, again by " + call
                                        + "; elements must be unique");
                    }
                }
                case "read" -> {
                    if (call.ok()) {
                        reads.add(call);
                    }
                }
                default -> throw new IllegalArgumentException("a set knows no " + call.f() + ": " + call);
            }
        }
        if (reads.isEmpty()) {
            findings.undecided("nobody read the set");
            return findings.verdict(history);
        }
        Call last = reads.get(reads.size() - 1);
        Set<Object> end = new HashSet<>(Values.list(last.value()));
        reads.forEach(read -> elements(read, adds, findings));
        acknowledged(adds, reads, last, end, findings);
        return findings.verdict(history);
    }

    private static void elements(Call read, Map<Object, Call> adds, Findings findings) {
        Set<Object> once = new HashSet<>();
        for (Object element : Values.list(read.value())) {
            Call add = adds.get(element);
            if (!once.add(element)) {
                findings.add(DUPLICATE, element + " is twice in what " + read.place() + " read", read);
            }
            if (add == null || read.ended() < add.began()) {
                String when = add == null ? "nobody added it" : add + " added it later";
                findings.add(UNEXPECTED, element + " is in what " + read.place() + " read, but " + when, read);
            } else if (add.fail()) {
                findings.add(
                        FAILED, element + " is in what " + read.place() + " read, but " + add + " failed", read, add);
            }
        }
    }

    private static void acknowledged(
            Map<Object, Call> adds, List<Call> reads, Call last, Set<Object> end, Findings findings) {
        List<Set<Object>> seen = new ArrayList<>();
        reads.forEach(read -> seen.add(new HashSet<>(Values.list(read.value()))));
        long unread = 0;
        for (Map.Entry<Object, Call> entry : adds.entrySet()) {
            Object element = entry.getKey();
            Call add = entry.getValue();
            if (add.info()) {
                findings.count(end.contains(element) ? "recovered" : "never-read");
            }
            if (!add.ok()) {
                continue;
            }
            findings.count("acknowledged");
            if (!add.before(last)) {
                unread++;
            }
            for (int i = 0; i < reads.size(); i++) {
                Call read = reads.get(i);
                if (add.before(read) && !seen.get(i).contains(element)) {
                    missed(add, read, end.contains(element), findings);
                    break;
                }
            }
        }
        if (unread > 0) {
            findings.undecided(unread + " elements were acknowledged when the last read had already begun");
        }
        findings.figure("reads", reads.size());
        findings.figure("final", end.size());
    }

    private static void missed(Call add, Call read, boolean there, Findings findings) {
        findings.add(
                there ? STALE : LOST,
                add.place() + " added " + add.invoke().value() + " and was acknowledged before " + read.place()
                        + " began, which does not have it"
                        + (there ? "; the final read does" : "; nor has the final read"),
                add,
                read);
    }
}
