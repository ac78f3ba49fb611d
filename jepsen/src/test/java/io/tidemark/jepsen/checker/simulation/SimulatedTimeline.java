package io.tidemark.jepsen.checker.simulation;

import io.tidemark.jepsen.history.Event;
import io.tidemark.jepsen.history.Header;
import io.tidemark.jepsen.history.Values;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Keys with versions, every state of which is kept: for sessions that read at an LSN, and for restores to one. */
public final class SimulatedTimeline extends SimulatedStore {

    public enum Defect {
        NONE,
        /** A follower answers without waiting for what its client has seen. */
        IGNORES_THE_SESSION,
        /** A write is given an LSN that was given before. */
        LSN_GOES_BACK,
        /** A retry is applied again. */
        APPLIES_TWICE,
        /** A restore stops one write early. */
        RESTORES_TOO_LITTLE,
        /** A restore goes one write too far. */
        RESTORES_TOO_MUCH,
        /** A write is acknowledged and gone. */
        LOSES_WRITES
    }

    private record Cell(String value, String version) {}

    private final Defect defect;
    private final boolean restores;
    /** States by LSN: [0] is empty. */
    private final List<Map<String, Cell>> states = new ArrayList<>(List.of(Map.of()));

    private final List<Long> taken = new ArrayList<>();
    private long values;

    public SimulatedTimeline(Defect defect, boolean restores, Random random) {
        super(random);
        this.defect = defect;
        this.restores = restores;
    }

    @Override
    public Header header() {
        return Header.of(restores ? "restore" : "session");
    }

    @Override
    public Request next(int client) {
        String key = "k" + random.nextInt(4);
        int dice = random.nextInt(20);
        if (dice == 0) {
            return new Request("delete", Arrays.asList(key, null));
        }
        if (dice < 10) {
            return new Request("write", List.of(key, "v" + values++));
        }
        if (restores) {
            return new Request("take-lsn", null);
        }
        return new Request("read", Arrays.asList(key, null));
    }

    @Override
    public Answer apply(Request request) {
        return switch (request.f()) {
            case "write", "delete" -> write(request);
            case "take-lsn" -> {
                taken.add((long) states.size() - 1);
                yield Answer.of(states.size() - 1);
            }
            case "restore" -> restore(Values.number(Values.map(request.value()).get("lsn")));
            default -> read(request);
        };
    }

    private Answer write(Request request) {
        List<?> pair = Values.list(request.value());
        String key = pair.get(0).toString();
        Map<String, Cell> state = new TreeMap<>(states.get(states.size() - 1));
        long lsn = states.size();
        long given = defect == Defect.LSN_GOES_BACK && sometimes() ? Math.max(1, lsn - 5) : lsn;
        if (pair.get(1) == null) {
            state.remove(key);
        } else if (defect != Defect.LOSES_WRITES || !sometimes()) {
            state.put(key, new Cell(pair.get(1).toString(), given + ".0"));
        }
        states.add(state);
        if (defect == Defect.APPLIES_TWICE && pair.get(1) != null && sometimes()) {
            Map<String, Cell> again = new TreeMap<>(state);
            again.put(key, new Cell(pair.get(1).toString(), states.size() + ".0"));
            states.add(again);
        }
        return Answer.of(request.value(), Event.Seen.at(given + ".0", given));
    }

    private Answer read(Request request) {
        Object key = Values.list(request.value()).get(0);
        int behind = defect == Defect.IGNORES_THE_SESSION && sometimes() ? random.nextInt(10) : 0;
        int lsn = Math.max(0, states.size() - 1 - behind);
        Cell cell = states.get(lsn).get(key);
        return Answer.of(
                Arrays.asList(key, cell == null ? null : cell.value()),
                Event.Seen.at(cell == null ? null : cell.version(), lsn));
    }

    private Answer restore(long lsn) {
        long at = lsn;
        if (defect == Defect.RESTORES_TOO_LITTLE) {
            at = Math.max(0, lsn - 1);
        } else if (defect == Defect.RESTORES_TOO_MUCH) {
            at = Math.min(states.size() - 1, lsn + 1);
        }
        Map<String, Object> rows = new TreeMap<>();
        states.get((int) at).forEach((key, cell) -> rows.put(key, List.of(cell.value(), cell.version())));
        return Answer.of(Map.of("lsn", lsn, "rows", rows));
    }

    @Override
    public List<Request> last() {
        return taken.stream()
                .map(lsn -> new Request("restore", Map.of("lsn", lsn)))
                .toList();
    }
}
