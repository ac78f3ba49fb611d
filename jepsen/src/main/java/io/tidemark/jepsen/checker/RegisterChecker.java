package io.tidemark.jepsen.checker;

import io.tidemark.jepsen.history.History;

/** Registers: each is linearizable, and the versions in the answers are one timeline across all of them. */
public final class RegisterChecker implements Checker {

    /** Versions contradict real time or one another. */
    public static final String VERSION_ORDER = "version-order";

    @Override
    public Verdict check(History history, Limits limits) {
        Findings findings = new Findings();
        VersionOrder.violation(Operation.of(history))
                .ifPresent(words -> findings.add(VERSION_ORDER, words, new Long[0]));
        return new LinearizabilityChecker().check(history, limits).and(findings.verdict(history));
    }
}
