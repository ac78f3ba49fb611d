package io.tidemark.raft;

/**
 * Why a node has ended by itself.
 *
 * @param why what happened, and what to do about it
 * @param unfit only its files are at fault: with others it may come back, as the next incarnation (rules C1, L5)
 */
public record NodeEnd(String why, boolean unfit) {}
