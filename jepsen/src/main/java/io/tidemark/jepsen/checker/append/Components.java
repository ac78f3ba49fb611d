package io.tidemark.jepsen.checker.append;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/** Strongly connected components of a graph by some kinds of its edges: Tarjan's algorithm, without recursion. */
final class Components {

    private final DependencyGraph graph;
    private final int kinds;
    private final int[] index;
    private final int[] low;
    private final int[] edge;
    private final boolean[] onStack;
    private final Deque<Integer> stack = new ArrayDeque<>();
    private final List<int[]> found = new ArrayList<>();
    private int next = 1;

    private Components(DependencyGraph graph, int kinds) {
        this.graph = graph;
        this.kinds = kinds;
        index = new int[graph.size()];
        low = new int[graph.size()];
        edge = new int[graph.size()];
        onStack = new boolean[graph.size()];
    }

    /** Components of more than one node, each in rising order. */
    static List<int[]> of(DependencyGraph graph, int kinds) {
        Components components = new Components(graph, kinds);
        for (int node = 0; node < graph.size(); node++) {
            if (components.index[node] == 0) {
                components.visit(node);
            }
        }
        return components.found;
    }

    private void visit(int root) {
        Deque<Integer> path = new ArrayDeque<>();
        enter(root, path);
        while (!path.isEmpty()) {
            int node = path.peek();
            List<Edge> out = graph.out(node);
            if (edge[node] < out.size()) {
                Edge e = out.get(edge[node]++);
                if (!e.in(kinds)) {
                    continue;
                }
                if (index[e.to()] == 0) {
                    enter(e.to(), path);
                } else if (onStack[e.to()]) {
                    low[node] = Math.min(low[node], index[e.to()]);
                }
                continue;
            }
            path.pop();
            if (!path.isEmpty()) {
                low[path.peek()] = Math.min(low[path.peek()], low[node]);
            }
            if (low[node] == index[node]) {
                take(node);
            }
        }
    }

    private void enter(int node, Deque<Integer> path) {
        index[node] = next;
        low[node] = next++;
        stack.push(node);
        onStack[node] = true;
        path.push(node);
    }

    private void take(int root) {
        List<Integer> members = new ArrayList<>();
        int node;
        do {
            node = stack.pop();
            onStack[node] = false;
            members.add(node);
        } while (node != root);
        if (members.size() > 1) {
            int[] component = members.stream().mapToInt(i -> i).toArray();
            Arrays.sort(component);
            found.add(component);
        }
    }
}
