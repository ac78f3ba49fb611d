package io.tidemark.jepsen.checker;

import io.tidemark.jepsen.history.Call;
import io.tidemark.jepsen.history.Header;
import io.tidemark.jepsen.history.History;
import io.tidemark.jepsen.history.Values;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Accounts between which money is moved: {@code transfer {"from":a,"to":b,"amount":n}}, and {@code read} of all of them in
 * one snapshot, {@code {a: balance, …}}. Every read has every account and the same total.
 *
 * <p>Parameters of the history: {@code total}, without which nothing is known; {@code accounts}, their names joined by
 * commas, else those of the first read; {@code non-negative}, {@code true} if no balance may be below 0.
 */
public final class BankChecker implements Checker {

    /** Money came from nowhere, or went there. */
    public static final String WRONG_TOTAL = "wrong-total";
    /** An account is overdrawn. */
    public static final String NEGATIVE = "negative-balance";
    /** A snapshot lacks an account, or has one that does not exist. */
    public static final String WRONG_ACCOUNTS = "wrong-accounts";

    @Override
    public Verdict check(History history, Limits limits) {
        Findings findings = new Findings();
        Header header = history.header();
        List<Call> calls = history.calls();
        for (Call call : calls) {
            if (!call.f().equals("read") && !call.f().equals("transfer")) {
                throw new IllegalArgumentException("a bank knows no " + call.f() + ": " + call);
            }
        }
        String total = header.parameter("total", null);
        if (total == null) {
            findings.undecided("the history does not say what the total of all accounts is (parameter total)");
            return findings.verdict(history);
        }
        String named = header.parameter("accounts", null);
        Set<String> accounts = named == null ? null : new TreeSet<>(Set.of(named.split(",")));
        long reads = 0;
        for (Call call : calls) {
            if (!call.f().equals("read") || !call.ok()) {
                continue;
            }
            Map<String, Long> balances = new TreeMap<>();
            Values.map(call.value()).forEach((account, money) -> balances.put(account.toString(), money(money)));
            accounts = accounts == null ? balances.keySet() : accounts;
            reads++;
            judge(call, balances, accounts, Long.parseLong(total), header, findings);
        }
        findings.figure("reads", reads);
        if (reads == 0) {
            findings.undecided("nobody read the accounts");
        }
        return findings.verdict(history);
    }

    private static Long money(Object balance) {
        return balance == null ? null : Values.number(balance);
    }

    private static void judge(
            Call call, Map<String, Long> balances, Set<String> accounts, long total, Header header, Findings findings) {
        if (!balances.keySet().equals(accounts) || balances.containsValue(null)) {
            findings.add(WRONG_ACCOUNTS, call.place() + " read " + balances + "; the accounts are " + accounts, call);
            return;
        }
        long sum = balances.values().stream().mapToLong(Long::longValue).sum();
        if (sum != total) {
            findings.add(
                    WRONG_TOTAL,
                    call.place() + " read " + balances + ", in sum " + sum + "; the total is " + total + " at any time",
                    call);
        }
        if (Boolean.parseBoolean(header.parameter("non-negative", "false"))
                && balances.values().stream().anyMatch(b -> b < 0)) {
            findings.add(NEGATIVE, call.place() + " read " + balances + "; no balance may be below 0", call);
        }
    }
}
