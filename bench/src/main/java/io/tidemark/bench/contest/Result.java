package io.tidemark.bench.contest;

import io.tidemark.bench.peer.Peer;
import io.tidemark.bench.trial.Figure;

/**
 * One figure of one round.
 *
 * @param round from 1
 */
public record Result(int round, Scenario scenario, Peer peer, Figure figure) {}
