package io.tidemark.jepsen.checker.simulation;

import io.tidemark.jepsen.checker.Operation;
import io.tidemark.jepsen.history.Event;
import io.tidemark.jepsen.history.Header;
import io.tidemark.jepsen.history.Values;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/** Registers with unique values. */
public final class SimulatedRegisters extends SimulatedStore {

    public enum Defect {
        NONE,
        LOSES_WRITES,
        READS_STALE,
        IGNORES_CONDITIONS,
        REFUSES_WRONGLY,
        WRITES_BACK
    }

    private final Defect defect;
    private final int callsPerKey;
    private final Map<String, String> values = new HashMap<>();
    private final Map<String, String> before = new HashMap<>();
    private long asked;
    private long lsn;

    public SimulatedRegisters(Defect defect, int callsPerKey, Random random) {
        super(random);
        this.defect = defect;
        this.callsPerKey = callsPerKey;
    }

    @Override
    public Header header() {
        return Header.of("register");
    }

    @Override
    public Request next(int client) {
        String key = "r" + asked++ / callsPerKey;
        return switch (random.nextInt(3)) {
            case 0 -> new Request("read", Arrays.asList(key, null));
            case 1 -> new Request("write", List.of(key, "v" + asked));
            default -> new Request("cas", List.of(key, Arrays.asList(values.get(key), "v" + asked)));
        };
    }

    @Override
    public Answer apply(Request request) {
        List<?> pair = Values.list(request.value());
        String key = pair.get(0).toString();
        String value = values.get(key);
        if (defect == Defect.WRITES_BACK && before.get(key) != null && sometimes()) {
            values.put(key, before.get(key));
        }
        switch (request.f()) {
            case "read" -> {
                boolean stale = defect == Defect.READS_STALE && sometimes();
                return Answer.of(Arrays.asList(key, stale ? before.get(key) : values.get(key)));
            }
            case "write" -> {
                return write(key, pair.get(1).toString(), request);
            }
            default -> {
                List<?> change = Values.list(pair.get(1));
                boolean holds = Objects.equals(value, change.get(0));
                boolean wrong = holds
                        ? defect == Defect.REFUSES_WRONGLY && often()
                        : defect == Defect.IGNORES_CONDITIONS && sometimes();
                return holds != wrong
                        ? write(key, change.get(1).toString(), request)
                        : Answer.refused(request.value(), Operation.CONDITION_FAILED);
            }
        }
    }

    private Answer write(String key, String value, Request request) {
        lsn++;
        if (defect != Defect.LOSES_WRITES || !sometimes()) {
            before.put(key, values.get(key));
            values.put(key, value);
        }
        return Answer.of(request.value(), Event.Seen.version(lsn + ".0"));
    }
}
