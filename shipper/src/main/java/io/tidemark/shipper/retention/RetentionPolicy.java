package io.tidemark.shipper.retention;

import io.tidemark.engine.Retention;
import io.tidemark.engine.Retention.Kept;
import io.tidemark.engine.log.Operation;
import io.tidemark.engine.log.Operation.CollectGarbage;
import io.tidemark.engine.log.Operation.RaiseFloor;
import java.util.List;
import java.util.Optional;

/**
 * What a leader proposes next about the past. A function of what the log says, the options and the time; the log decides
 * again, by its own clock.
 */
public record RetentionPolicy(RetentionOptions options) {

    /**
     * The next step; empty when there is none.
     *
     * @param timeMillis as the next entry will say it: the log's clock, or the leader's where that is further (rule E7)
     */
    public Optional<Operation> next(Retention now, long timeMillis) {
        return collect(now, timeMillis).or(() -> raise(now, timeMillis));
    }

    /** One floor at a time: it rises again when what lies below it may go, else no grace period would ever end. */
    private Optional<Operation> raise(Retention now, long timeMillis) {
        if (options.keepsAll() || now.floor() != now.collected()) {
            return Optional.empty();
        }
        long wanted = now.reachable(
                Math.min(oldEnough(now, timeMillis), now.lowestPin().orElse(Long.MAX_VALUE)));
        return wanted > now.floor() ? Optional.of(new RaiseFloor(wanted, options.ageMillis())) : Optional.empty();
    }

    /** The newest checkpoint below which nothing has to be kept, but for pins; -1 for none. */
    private long oldEnough(Retention now, long timeMillis) {
        List<Kept> kept = now.checkpoints();
        int last = kept.size() - Math.max(1, options.checkpoints());
        long found = -1;
        for (int i = 0; i <= last; i++) {
            if (timeMillis - kept.get(i).shippedMillis() >= options.ageMillis()) {
                found = kept.get(i).lsn();
            }
        }
        return found;
    }

    private Optional<Operation> collect(Retention now, long timeMillis) {
        boolean isGraceOver = now.isNamed() && timeMillis - now.namedMillis() >= options.graceMillis();
        long below = now.floor() > now.collected() && isGraceOver ? now.floor() : now.collected();
        long swept = now.checkpoints().stream()
                .filter(kept -> timeMillis - kept.shippedMillis() >= options.graceMillis())
                .mapToLong(Kept::lsn)
                .max()
                .orElse(-1);
        swept = Math.max(swept, now.swept());
        return below > now.collected() || swept > now.swept()
                ? Optional.of(new CollectGarbage(below, swept, options.graceMillis()))
                : Optional.empty();
    }
}
