package io.tidemark.engine.log;

/**
 * What one command asks for. Each is checked against the state that the commands before it left, and then applied,
 * before the next is looked at (rule E1). A refusal is a {@link Reply}, the same on every node.
 */
public sealed interface Operation {

    /** True for what the log writes about itself: such entries alone make no work for the shipper (rule M3). */
    default boolean isBookkeeping() {
        return false;
    }

    /** Sets a key. Reply OK with the new version, or CONDITION_FAILED with the version found. */
    record Put(String keyspace, byte[] key, byte[] value, Precondition precondition) implements Operation {}

    /** Removes a key. Reply OK, NOT_FOUND, or CONDITION_FAILED with the version found. */
    record Delete(String keyspace, byte[] key, Precondition precondition) implements Operation {}

    /** Opens a client session; its id is this command's {@link Version} (rule E9). */
    record OpenSession() implements Operation {}

    /**
     * Ends sessions not used since this time of the log's clock, at most 256 of them, the longest idle first (rule E7).
     * Proposed by the leader only, again while the reply payload (4 bytes: how many it ended) says 256.
     */
    record ExpireSessions(long idleSinceMillis) implements Operation {
        @Override
        public boolean isBookkeeping() {
            return true;
        }
    }

    /**
     * S3 has the entries {@code first..last} in {@code object}, and a manifest says so. Accepted only if {@code first}
     * follows the shipped mark and {@code last} lies before this entry; else REFUSED with the shipped mark (rule M1).
     *
     * @param object full key of the segment
     * @param bytes length of the object
     * @param sha256 hash of the object's bytes
     * @param redoChain the proposer's chain value after {@code last}
     */
    record AdvanceHighWater(long first, long last, String object, long bytes, byte[] sha256, long redoChain)
            implements Operation {
        @Override
        public boolean isBookkeeping() {
            return true;
        }
    }

    /**
     * First command of a history (rule H2): names it and sets the shipped mark to the fork. Sessions go on.
     * REFUSED once a history of this id has started.
     *
     * @param history id of the new history
     * @param parent id of the history it forked from, empty for none
     * @param fork LSN of the last entry shared with the parent, -1 for none
     */
    record HistoryStarted(String history, String parent, long fork) implements Operation {
        @Override
        public boolean isBookkeeping() {
            return true;
        }
    }

    /** Hands out the next incarnation of a node's name, never the same twice (rule L4). Reply: 8 bytes, big-endian. */
    record AllocateIncarnation(String node) implements Operation {
        @Override
        public boolean isBookkeeping() {
            return true;
        }
    }

    /** Changes nothing; every node remembers the digest of its contents at this LSN, for {@code verify}. */
    record ObserveContents() implements Operation {}
}
