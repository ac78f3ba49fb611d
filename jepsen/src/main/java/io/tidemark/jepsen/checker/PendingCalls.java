package io.tidemark.jepsen.checker;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Calls and ends that a search has not taken yet, in real time order: a doubly linked list from which a call leaves
 * together with its end, and to which both come back in reverse. Operations without an end are not in it.
 */
final class PendingCalls {

    private final List<Operation> operations;
    private final int[] next;
    private final int[] before;
    private final int head;
    private final int size;

    /** @param operations in order of their calls; node 2i is the call of the i-th, 2i + 1 its end */
    PendingCalls(List<Operation> operations) {
        this.operations = operations;
        head = 2 * operations.size();
        next = new int[head + 1];
        before = new int[head + 1];
        List<long[]> points = new ArrayList<>();
        for (int id = 0; id < operations.size(); id++) {
            Operation o = operations.get(id);
            if (o.end() != Operation.OPEN) {
                points.add(new long[] {o.call(), 2L * id});
                points.add(new long[] {o.end(), 2L * id + 1});
            }
        }
        points.sort(Comparator.comparingLong(p -> p[0]));
        size = points.size() / 2;
        int last = head;
        for (long[] point : points) {
            int node = (int) point[1];
            before[node] = last;
            next[last] = node;
            last = node;
        }
        next[last] = head;
        before[head] = last;
    }

    /** How many there are in all. */
    int size() {
        return size;
    }

    /** Those that may come next: called before any pending end. */
    int[] callable() {
        int[] calls = new int[8];
        int count = 0;
        for (int node = next[head]; node != head && node % 2 == 0; node = next[node]) {
            if (count == calls.length) {
                calls = Arrays.copyOf(calls, 2 * count);
            }
            calls[count++] = node / 2;
        }
        return Arrays.copyOf(calls, count);
    }

    /** The index of the first pending end: what was called after it may not come next. */
    long horizon() {
        int node = next[head];
        while (node != head && node % 2 == 0) {
            node = next[node];
        }
        return node == head ? Operation.OPEN : operations.get(node / 2).end();
    }

    void unlink(int id) {
        out(2 * id);
        out(2 * id + 1);
    }

    void relink(int id) {
        in(2 * id + 1);
        in(2 * id);
    }

    private void out(int node) {
        next[before[node]] = next[node];
        before[next[node]] = before[node];
    }

    private void in(int node) {
        next[before[node]] = node;
        before[next[node]] = node;
    }
}
