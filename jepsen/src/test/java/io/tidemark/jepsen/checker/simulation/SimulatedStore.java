package io.tidemark.jepsen.checker.simulation;

import io.tidemark.jepsen.history.Event;
import io.tidemark.jepsen.history.Header;
import java.util.List;
import java.util.Random;

/** A store in memory that takes one request at a time, and what clients ask of it. Right, or wrong in exactly one way. */
public abstract class SimulatedStore {

    /** What a client asks. */
    public record Request(String f, Object value) {}

    /** What it is told: done if {@code error} is null. */
    public record Answer(Object value, Event.Seen seen, String error) {
        public static Answer of(Object value) {
            return new Answer(value, Event.Seen.NOTHING, null);
        }

        public static Answer of(Object value, Event.Seen seen) {
            return new Answer(value, seen, null);
        }

        public static Answer refused(Object value, String error) {
            return new Answer(value, Event.Seen.NOTHING, error);
        }
    }

    protected final Random random;

    protected SimulatedStore(Random random) {
        this.random = random;
    }

    /** The first line of its histories. */
    public abstract Header header();

    /** The next request of a client; {@code client} stays the same when the process gets a new number. */
    public abstract Request next(int client);

    /** The client does not know how its last request ended. */
    public void unclear(int client) {}

    /** The request takes effect. */
    public abstract Answer apply(Request request);

    /** What is asked at the end, when all is quiet. */
    public List<Request> last() {
        return List.of();
    }

    /** Whether a defect shows now: about every 15th time. */
    protected final boolean sometimes() {
        return random.nextInt(15) == 0;
    }

    /** Whether a defect shows now, of something that happens seldom: every third time. */
    protected final boolean often() {
        return random.nextInt(3) == 0;
    }
}
