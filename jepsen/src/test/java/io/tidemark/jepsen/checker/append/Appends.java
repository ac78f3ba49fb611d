package io.tidemark.jepsen.checker.append;

import io.tidemark.jepsen.checker.Script;
import io.tidemark.jepsen.history.Header;
import io.tidemark.jepsen.history.History;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Writes down transactions on lists by hand: {@code "a x 1, r y 2 3"} appends 1 to x and reads y as [2, 3]; {@code "r y"}
 * reads it empty.
 */
final class Appends {
    private final Script script;

    Appends() {
        this("strict-serializable");
    }

    Appends(String isolation) {
        script = new Script(Header.of("list-append").with("isolation", isolation));
    }

    Appends begin(int process, String transaction) {
        script.begin(process, "txn", parse(transaction, false));
        return this;
    }

    Appends ok(int process, String transaction) {
        script.ok(process, "txn", parse(transaction, true));
        return this;
    }

    Appends fail(int process, String transaction) {
        script.begin(process, "txn", parse(transaction, false)).fail(process, "txn", parse(transaction, false));
        return this;
    }

    Appends info(int process, String transaction) {
        script.begin(process, "txn", parse(transaction, false)).info(process, "txn", parse(transaction, false));
        return this;
    }

    /** One after another. */
    Appends done(int process, String transaction) {
        return begin(process, transaction).ok(process, transaction);
    }

    /** All at the same time. */
    Appends together(String... transactions) {
        for (int i = 0; i < transactions.length; i++) {
            begin(i, transactions[i]);
        }
        for (int i = 0; i < transactions.length; i++) {
            ok(i, transactions[i]);
        }
        return this;
    }

    History history() {
        return script.history();
    }

    private static List<Object> parse(String transaction, boolean known) {
        List<Object> operations = new ArrayList<>();
        for (String step : transaction.split(",")) {
            String[] words = step.trim().split(" +");
            if (words[0].equals("a")) {
                operations.add(List.of("append", words[1], Long.parseLong(words[2])));
            } else {
                List<Long> list =
                        Arrays.stream(words).skip(2).map(Long::parseLong).toList();
                operations.add(Arrays.asList("r", words[1], known ? list : null));
            }
        }
        return operations;
    }
}
