package io.tidemark.jepsen.checker;

import io.tidemark.jepsen.history.Call;
import io.tidemark.jepsen.history.Event;
import io.tidemark.jepsen.history.History;
import io.tidemark.jepsen.history.Values;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Judges the marks of every node, at each of their moves ({@link MarkRules}), and at the end that nothing of the history is
 * missing: what a node's log holds above its Raft_LWM, and what S3 holds up to S3_HWM, is all of it, 0 to committed, and
 * reaches every LSN that a client was told of.
 *
 * <p>The end is told by nemesis events {@code holding}, one for each node:
 *
 * <pre>
 * {"node":"n1","log":[41,97],"s3":[[0,20],[21,44]],"floor":-1,"committed":97,"s3HighWaterMark":44,"raftLowWaterMark":40,"chain":[44,"16 hex"]}
 * </pre>
 *
 * <p>{@code log} is null if it is empty, {@code floor} is the LSN below which states were given up, and {@code chain} may be
 * missing, as {@code floor} may; of two with one LSN the chains must be equal (a replay
 * of S3 may tell its own as node {@code s3}). Without any {@code holding} only the moves are judged, and a note says so.
 */
public final class MarksChecker implements Checker {

    /** The {@code f} of the events that tell what is held at the end. */
    public static final String HOLDING = "holding";

    /** A part of the history is held nowhere. */
    public static final String MISSING = "history-missing";
    /** A client was told of an LSN that is not committed at the end. */
    public static final String LOST = "acknowledged-lsn-lost";
    /** Two tellings of one LSN differ. */
    public static final String DIVERGED = "diverged";

    @Override
    public Verdict check(History history, Limits limits) {
        Findings findings = new Findings();
        MarkRules rules = new MarkRules();
        long moves = 0;
        List<Event> holdings = new ArrayList<>();
        for (Event event : history.events()) {
            if (!event.nemesis()) {
                continue;
            }
            if (event.f().equals(Event.MARK)) {
                moves++;
                Optional<Anomaly> violation = rules.violation(Marks.of(event.value()));
                violation.ifPresent(v -> findings.add(v.type(), v.explanation(), event.index()));
            } else if (event.f().equals(HOLDING)) {
                holdings.add(event);
            }
        }
        findings.figure("moves", moves);
        findings.figure("holdings", holdings.size());
        if (moves == 0) {
            findings.undecided("no move of any mark was recorded");
        }
        if (holdings.isEmpty()) {
            findings.note("what is held at the end was not recorded");
        } else {
            judgeEnd(history, holdings, findings);
        }
        return findings.verdict(history);
    }

    private static void judgeEnd(History history, List<Event> holdings, Findings findings) {
        Map<Long, Event> chains = new HashMap<>();
        long committed = -1;
        for (Event event : holdings) {
            Map<?, ?> holding = Values.map(event.value());
            if (holding.get("committed") != null) {
                committed = Math.max(committed, Values.number(holding.get("committed")));
                judge(event, holding, findings);
            }
            if (holding.get("chain") instanceof List<?> chain) {
                Event other = chains.putIfAbsent(Values.number(chain.get(0)), event);
                if (other != null && !Values.map(other.value()).get("chain").equals(chain)) {
                    findings.add(
                            DIVERGED,
                            "the chains at LSN " + chain.get(0) + " differ: " + other.value() + " and " + holding,
                            other.index(),
                            event.index());
                }
            }
        }
        acknowledged(history, committed, findings);
    }

    private static void judge(Event event, Map<?, ?> holding, Findings findings) {
        long high = Values.number(holding.get("s3HighWaterMark"));
        long low = Values.number(holding.get("raftLowWaterMark"));
        long committed = Values.number(holding.get("committed"));
        Object floor = holding.get("floor");
        long shipped = floor == null ? -1 : Values.number(floor);
        for (Object range : Values.list(holding.get("s3"))) {
            long first = Values.number(Values.list(range).get(0));
            if (first <= shipped + 1) {
                shipped = Math.max(shipped, Values.number(Values.list(range).get(1)));
            }
        }
        if (shipped < high) {
            findings.add(
                    MISSING,
                    "S3 holds the history without a gap through " + shipped + " only, but S3_HWM is " + high + ": "
                            + holding,
                    event.index());
        }
        List<?> log = holding.get("log") == null ? List.of(low + 1, low) : Values.list(holding.get("log"));
        long first = Values.number(log.get(0));
        long last = Values.number(log.get(1));
        if (first > low + 1 || last < committed) {
            findings.add(
                    MISSING,
                    "the log holds " + first + " to " + last + ", but must hold all above Raft_LWM " + low
                            + " through committed " + committed + ": " + holding,
                    event.index());
        }
        if (low > high) {
            findings.add(
                    MarkRules.INVARIANT, "Raft_LWM " + low + " above S3_HWM " + high + ": " + holding, event.index());
        }
    }

    private static void acknowledged(History history, long committed, Findings findings) {
        if (committed < 0) {
            return;
        }
        for (Call call : history.calls()) {
            Long lsn = call.seen().lsn();
            if (lsn == null && call.seen().version() != null) {
                lsn = VersionOrder.Position.parse(call.seen().version()).lsn();
            }
            if (call.ok() && lsn != null && lsn > committed) {
                findings.add(LOST, call + " was told of LSN " + lsn + "; at the end committed is " + committed, call);
            }
        }
    }
}
