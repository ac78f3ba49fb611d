package io.tidemark.jepsen.checker.append;

import static io.tidemark.jepsen.checker.append.Edge.Why.REALTIME;
import static io.tidemark.jepsen.checker.append.Edge.Why.RW;
import static io.tidemark.jepsen.checker.append.Edge.Why.WR;
import static io.tidemark.jepsen.checker.append.Edge.Why.WW;

/**
 * Classes of cycles, after Adya, Liskov and O'Neil (ICDE 2000) as Elle searches them: by the kind of edge that a cycle
 * begins with, the kinds that the rest may have, and a kind that the rest must have. Those of real time have at least one
 * edge of it.
 */
enum CycleClass {
    /** Write cycle: appends only. */
    G0("G0", WW.bit(), WW.bit(), 0, false),
    /** Circular information flow: appends and reads of them. */
    G1C("G1c", WR.bit(), WW.bit() | WR.bit(), 0, false),
    /** Read skew: exactly one read that lacks an append. */
    G_SINGLE("G-single", RW.bit(), WW.bit() | WR.bit(), 0, false),
    /** Write skew and the like: several of them. */
    G2_ITEM("G2-item", RW.bit(), WW.bit() | WR.bit() | RW.bit(), RW.bit(), false),
    /** Appends in another order than real time. */
    G0_REALTIME("G0-realtime", REALTIME.bit(), WW.bit() | REALTIME.bit(), WW.bit(), true),
    /** A read of what was appended only later. */
    G1C_REALTIME("G1c-realtime", REALTIME.bit(), WW.bit() | WR.bit() | REALTIME.bit(), WR.bit(), true),
    /** A stale read. */
    G_SINGLE_REALTIME("G-single-realtime", RW.bit(), WW.bit() | WR.bit() | REALTIME.bit(), REALTIME.bit(), true),
    /** Several stale reads that only together cannot be. */
    G2_ITEM_REALTIME("G2-item-realtime", RW.bit(), WW.bit() | WR.bit() | RW.bit() | REALTIME.bit(), RW.bit(), true);

    /** Its name in verdicts. */
    final String title;

    final int first;
    final int rest;
    final int also;
    final boolean realTime;

    CycleClass(String title, int first, int rest, int also, boolean realTime) {
        this.title = title;
        this.first = first;
        this.rest = rest;
        this.also = also;
        this.realTime = realTime;
    }
}
