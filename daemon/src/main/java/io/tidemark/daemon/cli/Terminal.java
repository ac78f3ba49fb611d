package io.tidemark.daemon.cli;

import java.io.PrintWriter;
import java.util.List;

/**
 * Lines that are written over in place where a person looks at a terminal, and appended where the output goes to a file
 * or a pipe. The starting script says which by {@code -Dtidemark.terminal=true}.
 */
final class Terminal {
    private static final String UP_AND_CLEAR = "\u001b[%dA\u001b[J";

    private final PrintWriter out;
    private final boolean inPlace;
    private int drawn;

    Terminal(PrintWriter out, boolean inPlace) {
        this.out = out;
        this.inPlace = inPlace;
    }

    static Terminal of(PrintWriter out) {
        return new Terminal(out, Boolean.getBoolean("tidemark.terminal"));
    }

    boolean inPlace() {
        return inPlace;
    }

    /** Shows the lines in the place of those shown before. */
    void show(List<String> lines) {
        if (inPlace && drawn > 0) {
            out.printf(UP_AND_CLEAR, drawn);
        }
        lines.forEach(out::println);
        out.flush();
        drawn = lines.size();
    }

    /** What was shown stays; the next lines come below it. */
    void keep() {
        drawn = 0;
    }
}
