package io.tidemark.jepsen.checker.append;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Shortest cycles within one strongly connected component: through one edge of a wanted kind, and back by a breadth-first
 * walk over edges of allowed kinds, which must itself have an edge of another wanted kind, if any. A state of the walk is
 * a node and whether that edge has come.
 *
 * <p>Work is bounded: of a very large component only the first edges are tried, so that a cycle found there is short but
 * perhaps not the shortest.
 */
final class CycleSearch {

    private static final long STEPS_MAX = 5_000_000;

    private final DependencyGraph graph;
    private final BooleanSupplier late;
    private final boolean[] inside;
    private final Edge[] reachedBy;
    private final int[] parent;
    private final int[] distance;
    private final int[] seenAt;
    private int turn;
    private long steps;

    CycleSearch(DependencyGraph graph, BooleanSupplier late) {
        this.graph = graph;
        this.late = late;
        inside = new boolean[graph.size()];
        reachedBy = new Edge[2 * graph.size()];
        parent = new int[2 * graph.size()];
        distance = new int[2 * graph.size()];
        seenAt = new int[2 * graph.size()];
    }

    /**
     * The shortest cycle found in a component, or null.
     *
     * @param first kinds of the edge that it begins with
     * @param rest kinds of all its other edges
     * @param also kinds of which the others have at least one; 0 = no demand
     */
    List<Edge> shortest(int[] component, int first, int rest, int also) {
        for (int node : component) {
            inside[node] = true;
        }
        steps = 0;
        List<Edge> best = null;
        for (int i = 0; i < component.length && !enough(best); i++) {
            for (Edge edge : graph.out(component[i])) {
                if (edge.in(first) && inside[edge.to()] && !enough(best)) {
                    List<Edge> cycle = through(edge, rest, also, best == null ? Integer.MAX_VALUE : best.size());
                    best = cycle == null ? best : cycle;
                }
            }
        }
        for (int node : component) {
            inside[node] = false;
        }
        return best;
    }

    private boolean enough(List<Edge> best) {
        return best != null && best.size() == 2 || steps > STEPS_MAX || late.getAsBoolean();
    }

    /** A cycle through this edge that is shorter than {@code length}, or null. */
    private List<Edge> through(Edge edge, int rest, int also, int length) {
        turn++;
        Deque<Integer> queue = new ArrayDeque<>();
        int start = 2 * edge.to() + (also == 0 ? 1 : 0);
        seenAt[start] = turn;
        distance[start] = 1;
        queue.add(start);
        while (!queue.isEmpty()) {
            int state = queue.remove();
            if (distance[state] + 1 >= length) {
                return null;
            }
            for (Edge next : graph.out(state / 2)) {
                steps++;
                int then = 2 * next.to() + (state % 2 == 1 || next.in(also) ? 1 : 0);
                if (!next.in(rest) || !inside[next.to()] || seenAt[then] == turn) {
                    continue;
                }
                seenAt[then] = turn;
                distance[then] = distance[state] + 1;
                parent[then] = state;
                reachedBy[then] = next;
                if (then == 2 * edge.from() + 1) {
                    return simple(path(edge, start, then));
                }
                queue.add(then);
            }
        }
        return null;
    }

    private List<Edge> path(Edge edge, int start, int end) {
        List<Edge> back = new ArrayList<>();
        for (int state = end; state != start; state = parent[state]) {
            back.add(reachedBy[state]);
        }
        back.add(edge);
        Collections.reverse(back);
        return back;
    }

    /** The cycle, or null if it passes a node twice: then it is made of smaller ones, which are of another class. */
    private static List<Edge> simple(List<Edge> cycle) {
        Set<Integer> once = new HashSet<>();
        return cycle.stream().allMatch(e -> once.add(e.from())) ? cycle : null;
    }
}
