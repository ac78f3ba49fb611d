package io.tidemark.jepsen.checker.simulation;

import io.tidemark.jepsen.history.Header;
import io.tidemark.jepsen.history.Values;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Accounts. */
public final class SimulatedBank extends SimulatedStore {

    public enum Defect {
        NONE,
        CREDITS_WITHOUT_DEBIT,
        OVERDRAWS,
        SHOWS_HALF_A_TRANSFER,
        FORGETS_AN_ACCOUNT
    }

    private static final int ACCOUNTS = 5;

    private final Defect defect;
    private final Map<String, Long> balances = new TreeMap<>();
    private String debited = "a0";

    public SimulatedBank(Defect defect, Random random) {
        super(random);
        this.defect = defect;
        for (int i = 0; i < ACCOUNTS; i++) {
            balances.put("a" + i, 20L);
        }
    }

    @Override
    public Header header() {
        return Header.of("bank")
                .with("total", "100")
                .with("accounts", String.join(",", balances.keySet()))
                .with("non-negative", "true");
    }

    @Override
    public Request next(int client) {
        int from = random.nextInt(ACCOUNTS);
        int to = (from + 1 + random.nextInt(ACCOUNTS - 1)) % ACCOUNTS;
        return random.nextInt(3) == 0
                ? new Request("read", null)
                : new Request("transfer", Map.of("from", "a" + from, "to", "a" + to, "amount", 1 + random.nextInt(9)));
    }

    @Override
    public Answer apply(Request request) {
        if (request.f().equals("read")) {
            Map<String, Long> seen = new TreeMap<>(balances);
            if (defect == Defect.SHOWS_HALF_A_TRANSFER && sometimes()) {
                seen.merge(debited, 3L, Long::sum);
            }
            if (defect == Defect.FORGETS_AN_ACCOUNT && sometimes()) {
                seen.remove(debited);
            }
            return Answer.of(seen);
        }
        Map<?, ?> transfer = Values.map(request.value());
        long amount = ((Number) transfer.get("amount")).longValue();
        debited = transfer.get("from").toString();
        if (balances.get(debited) < amount && defect != Defect.OVERDRAWS) {
            return Answer.refused(request.value(), "too little money");
        }
        if (defect != Defect.CREDITS_WITHOUT_DEBIT || !sometimes()) {
            balances.merge(debited, -amount, Long::sum);
        }
        balances.merge(transfer.get("to").toString(), amount, Long::sum);
        return Answer.of(request.value());
    }

    @Override
    public List<Request> last() {
        return List.of(new Request("read", null));
    }
}
