package io.tidemark.jepsen.workload;

import io.tidemark.client.Precondition;
import io.tidemark.client.TidemarkClient;
import io.tidemark.client.TidemarkClientException;
import io.tidemark.client.TidemarkClientException.Kind;
import io.tidemark.client.Transaction;
import io.tidemark.jepsen.history.Event;
import io.tidemark.jepsen.history.Recorder;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Money is moved between a few accounts in transactions that lock both, and all accounts are read in one scan, which is of
 * one LSN.
 */
public final class BankWorkload extends ClientCalls {

    private static final String PREFIX = "bank/";
    private static final int ACCOUNTS = 6;
    private static final long EACH = 100;
    private static final int AMOUNT_MAX = 5;

    /** What the judge wants to know. */
    public static final Map<String, String> PARAMETERS =
            Map.of("total", Long.toString(ACCOUNTS * EACH), "accounts", "0,1,2,3,4,5", "non-negative", "true");

    /** A workload that has not begun. */
    public BankWorkload(Recorder history, List<String> endpoints, Duration patience) {
        super(history, endpoints, patience);
    }

    /** Opens the accounts first. */
    @Override
    public void begin(int processes, long seed) {
        try (TidemarkClient client = connect(0)) {
            Transaction opening = TidemarkClient.await(client.begin(IDLE));
            for (int i = 0; i < ACCOUNTS; i++) {
                TidemarkClient.await(
                        opening.put(KEYSPACE, bytes(PREFIX + i), bytes(Long.toString(EACH)), Precondition.absent()));
            }
            TidemarkClient.await(opening.commit());
        }
        super.begin(processes, seed);
    }

    @Override
    boolean step(int process, TidemarkClient client, Voice voice, Random random) {
        return random.nextInt(3) == 0 ? read(client, voice) : transfer(client, voice, random);
    }

    private static boolean read(TidemarkClient client, Voice voice) {
        return voice.ask("read", null, () -> snapshot(client, PREFIX), snapshot -> {
                    Map<String, Long> balances = new TreeMap<>();
                    snapshot.values().forEach((account, money) -> balances.put(account, Long.parseLong(money)));
                    return new Voice.Done(balances, Event.Seen.lsn(snapshot.lsn()));
                })
                .isPresent();
    }

    private static boolean transfer(TidemarkClient client, Voice voice, Random random) {
        int from = random.nextInt(ACCOUNTS);
        int to = (from + 1 + random.nextInt(ACCOUNTS - 1)) % ACCOUNTS;
        long amount = 1 + random.nextInt(AMOUNT_MAX);
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("from", Integer.toString(from));
        value.put("to", Integer.toString(to));
        value.put("amount", amount);
        return voice.tell(
                        "transfer",
                        value,
                        () -> move(client, PREFIX + from, PREFIX + to, amount),
                        lsn -> new Voice.Done(value, Event.Seen.lsn(lsn)))
                .isPresent();
    }

    private static long move(TidemarkClient client, String from, String to, long amount) {
        Transaction transaction;
        try {
            transaction = TidemarkClient.await(client.begin(IDLE));
        } catch (TidemarkClientException e) {
            throw undone(e);
        }
        try {
            for (String account : from.compareTo(to) < 0 ? List.of(from, to) : List.of(to, from)) {
                TidemarkClient.await(transaction.lock(KEYSPACE, bytes(account)));
            }
            long left = balance(transaction, from) - amount;
            if (left < 0) {
                throw new TidemarkClientException(Kind.CONFLICT, "not enough money");
            }
            put(transaction, to, balance(transaction, to) + amount);
            put(transaction, from, left);
        } catch (TidemarkClientException e) {
            giveUp(transaction);
            throw undone(e);
        }
        return TidemarkClient.await(transaction.commit());
    }

    private static long balance(Transaction transaction, String account) {
        return Long.parseLong(text(
                TidemarkClient.await(transaction.get(KEYSPACE, bytes(account))).value()));
    }

    private static void put(Transaction transaction, String account, long money) {
        TidemarkClient.await(transaction.put(KEYSPACE, bytes(account), bytes(Long.toString(money))));
    }
}
