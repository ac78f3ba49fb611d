package io.tidemark.engine;

import io.tidemark.engine.log.Version;

/**
 * What an entry did that readers see: told by {@link StorageEngine#listen}. Changes of a transaction are told when it is
 * committed, with the commit's place, in order of keyspaces and keys, each key once.
 *
 * @param at the command that made it seen: LSN and index within the entry; ascending, equal for one commit or range
 * @param key of the record; of a range its first key, null for the first of the keyspace
 * @param to only of a range: first key behind it, null for past the last
 * @param value null unless {@code kind} is PUT
 * @param version what the record has since then; of a deletion the same as {@code at}
 */
public record Change(Kind kind, Version at, String keyspace, byte[] key, byte[] to, byte[] value, Version version) {

    /** What became of it. */
    public enum Kind {
        /** The key has this value. */
        PUT,
        /** The key is gone. */
        DELETE,
        /** All keys of a range are gone. */
        DELETE_RANGE
    }

    public static Change put(Version at, String keyspace, byte[] key, byte[] value, Version version) {
        return new Change(Kind.PUT, at, keyspace, key, null, value, version);
    }

    public static Change delete(Version at, String keyspace, byte[] key) {
        return new Change(Kind.DELETE, at, keyspace, key, null, null, at);
    }

    public static Change deleteRange(Version at, String keyspace, byte[] from, byte[] to) {
        return new Change(Kind.DELETE_RANGE, at, keyspace, from, to, null, at);
    }
}
