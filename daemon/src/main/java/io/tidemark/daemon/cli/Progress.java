package io.tidemark.daemon.cli;

import java.io.PrintWriter;
import java.util.List;

/** What a command is waiting for, on standard error: one line in place on a terminal, a line per change elsewhere. */
final class Progress {
    private final Terminal terminal;
    private final String verb;
    private String said = "";

    Progress(PrintWriter err, String verb) {
        this.terminal = Terminal.of(err);
        this.verb = verb;
    }

    void say(String what) {
        if (what.equals(said)) {
            return;
        }
        said = what;
        String line = verb + ": " + what;
        terminal.show(List.of(terminal.inPlace() && line.length() > 110 ? line.substring(0, 107) + "..." : line));
    }

    /** The last line stays. */
    void done() {
        terminal.keep();
    }
}
