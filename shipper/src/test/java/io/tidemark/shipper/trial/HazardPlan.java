package io.tidemark.shipper.trial;

import io.tidemark.shipper.trial.S3Hazard.Said;
import io.tidemark.shipper.trial.S3Hazard.Server;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/** One hazard meets the n-th request, and perhaps those after it. Counts all of them. Thread-safe. */
public final class HazardPlan {
    /** Requests until one that nobody waited for arrives. */
    private static final int LATE_BY = 4;

    private static final long NEVER = Long.MAX_VALUE;

    private final S3Hazard hazard;
    private final long first;
    private final long last;
    private final List<String> seen = new ArrayList<>();
    private final Queue<Late> late = new ArrayDeque<>();
    private long met;

    private record Late(HttpMessage request, long at) {}

    /**
     * @param first number of the first request that it meets, from 1 on
     * @param count how many it meets, those that it does not concern among them
     */
    public HazardPlan(S3Hazard hazard, long first, long count) {
        this.hazard = hazard;
        this.first = first;
        this.last = first == NEVER ? NEVER : first + count - 1;
    }

    /** Nothing happens, and requests are counted. */
    public static HazardPlan none() {
        return new HazardPlan(S3Hazard.SLOW_DOWN, NEVER, 1);
    }

    /** Answers in the server's place, or lets it answer. */
    public Said pass(HttpMessage request, Server server) throws IOException {
        boolean meets;
        List<HttpMessage> arriving = new ArrayList<>();
        synchronized (this) {
            seen.add(request.startLine());
            meets = seen.size() >= first && seen.size() <= last && hazard.concerns(request);
            met += meets ? 1 : 0;
            while (!late.isEmpty() && late.peek().at() <= seen.size()) {
                arriving.add(late.remove().request());
            }
            if (meets && hazard == S3Hazard.NO_ANSWER_DONE_LATER) {
                late.add(new Late(request, seen.size() + LATE_BY));
            }
        }
        for (HttpMessage straggler : arriving) {
            server.serve(straggler);
        }
        return meets ? hazard.meet(request, server) : Said.whole(server.serve(request));
    }

    /** What is still under way arrives. */
    public void deliver(Server server) throws IOException {
        List<Late> all;
        synchronized (this) {
            all = List.copyOf(late);
            late.clear();
        }
        for (Late straggler : all) {
            server.serve(straggler.request());
        }
    }

    /** Whether no further request will meet it. */
    public synchronized boolean isOver() {
        return seen.size() >= last && late.isEmpty();
    }

    /** Start lines of all requests, in the order in which they came. */
    public synchronized List<String> requests() {
        return List.copyOf(seen);
    }

    /** How many requests met it. */
    public synchronized long met() {
        return met;
    }
}
