package io.tidemark.jepsen.checker;

import io.tidemark.jepsen.history.Event;
import io.tidemark.jepsen.history.Header;
import io.tidemark.jepsen.history.History;
import io.tidemark.jepsen.history.Recorder;

/** Writes down histories of any workload by hand. */
public final class Script {
    private final Header header;
    private final Recorder recorder;

    public Script(Header header) {
        this.header = header;
        this.recorder = Recorder.inMemory(header, () -> 0);
    }

    public static Script of(String workload) {
        return new Script(Header.of(workload));
    }

    public Script begin(int process, String f, Object value) {
        recorder.invoke(process, f, value);
        return this;
    }

    public Script ok(int process, String f, Object value) {
        return ok(process, f, value, Event.Seen.NOTHING);
    }

    public Script ok(int process, String f, Object value, Event.Seen seen) {
        recorder.ok(process, f, value, seen);
        return this;
    }

    public Script fail(int process, String f, Object value) {
        recorder.fail(process, f, value, "refused");
        return this;
    }

    public Script info(int process, String f, Object value) {
        recorder.info(process, f, value, "no answer");
        return this;
    }

    /** A call that begins and ends at once. */
    public Script done(int process, String f, Object value) {
        return begin(process, f, value).ok(process, f, value);
    }

    /** A call that begins and ends at once, with what its answer carried. */
    public Script done(int process, String f, Object value, Event.Seen seen) {
        return begin(process, f, value).ok(process, f, value, seen);
    }

    public Script nemesis(String f, Object value) {
        recorder.nemesis(f, value);
        return this;
    }

    public History history() {
        return recorder.history();
    }

    public Verdict verdict() {
        return Checkers.check(history(), header.workload(), Limits.standard());
    }
}
