package io.tidemark.jepsen.checker;

import io.tidemark.jepsen.checker.append.ListAppendChecker;
import io.tidemark.jepsen.history.Event;
import io.tidemark.jepsen.history.History;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Which checker judges which workload. */
public final class Checkers {

    /** The workload whose judge looks at marks only. */
    public static final String MARKS = "marks";

    private static final Map<String, Checker> BY_WORKLOAD = new TreeMap<>(Map.of(
            "register",
            new RegisterChecker(),
            "list-append",
            new ListAppendChecker(),
            "bank",
            new BankChecker(),
            "set",
            new SetChecker(),
            "session",
            new SessionChecker(),
            "open-transactions",
            new OpenTransactionChecker(),
            "restore",
            new RestoreChecker(),
            "watch",
            new WatchChecker(),
            MARKS,
            new MarksChecker()));

    private Checkers() {}

    /** All workloads that can be judged. */
    public static Set<String> workloads() {
        return Collections.unmodifiableSet(BY_WORKLOAD.keySet());
    }

    /** The judge of a workload. */
    public static Checker of(String workload) {
        Checker checker = BY_WORKLOAD.get(workload);
        if (checker == null) {
            throw new IllegalArgumentException(
                    "nobody judges the workload '" + workload + "'; known are " + String.join(", ", workloads()));
        }
        return checker;
    }

    /** Judges a history by its workload's checker, and its marks too if it has any. */
    public static Verdict check(History history, String workload, Limits limits) {
        Verdict verdict = of(workload).check(history, limits);
        boolean marks = history.events().stream()
                .anyMatch(e -> e.nemesis() && (e.f().equals(Event.MARK) || e.f().equals(MarksChecker.HOLDING)));
        return marks && !workload.equals(MARKS) ? verdict.and(of(MARKS).check(history, limits)) : verdict;
    }
}
