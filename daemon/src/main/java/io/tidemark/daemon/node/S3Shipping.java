package io.tidemark.daemon.node;

import io.tidemark.engine.StorageEngine;
import io.tidemark.raft.Shipping;
import io.tidemark.recovery.Replay;
import io.tidemark.shipper.Shipper;
import io.tidemark.shipper.catalog.HistoryReader;

/** This node's connection to the history in S3. */
final class S3Shipping implements Shipping {
    private final String history;
    private final HistoryReader reader;
    private final Shipper shipper;

    /** @param shipper closed with this; its object store is not */
    S3Shipping(String history, HistoryReader reader, Shipper shipper) {
        this.history = history;
        this.reader = reader;
        this.shipper = shipper;
    }

    @Override
    public void lead() {
        shipper.lead();
    }

    @Override
    public void follow() {
        shipper.rest();
    }

    @Override
    public long replay(StorageEngine engine) {
        return new Replay(reader).toNewest(engine, history).mark();
    }

    @Override
    public String error() {
        return shipper.status().error();
    }

    @Override
    public void close() {
        shipper.close();
    }
}
