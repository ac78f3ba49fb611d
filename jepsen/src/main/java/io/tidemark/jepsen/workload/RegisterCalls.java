package io.tidemark.jepsen.workload;

import io.tidemark.jepsen.history.Recorder;
import java.util.Random;

/** A workload that calls registers, so that tests can plant bugs behind them. */
public abstract class RegisterCalls extends Workload {

    private final Registers.Opener opener;

    /** A workload that has not begun. */
    protected RegisterCalls(Recorder history, Registers.Opener opener) {
        super(history);
        this.opener = opener;
    }

    /** Makes one or a few calls; answers false if the process should rest. */
    abstract boolean step(int process, Caller caller, Random random);

    @Override
    final Actor open(int process) {
        Registers registers = opener.open(process);
        Caller caller = new Caller(history(), registers, numbers());
        return new Actor() {
            @Override
            public boolean step(Random random) {
                return RegisterCalls.this.step(process, caller, random);
            }

            @Override
            public void close() {
                registers.close();
            }
        };
    }
}
