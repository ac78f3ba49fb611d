package io.tidemark.engine.btree;

import io.tidemark.engine.buffer.Use;
import io.tidemark.engine.log.EntryLimits;
import io.tidemark.engine.page.PageHeader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Which trees there are: a tree of name to root page id (8 bytes, big-endian), held in memory too. Roots never move, and
 * trees stay once they are made. Read by any thread, added to by the applying thread.
 */
public final class Catalog {
    private final ConcurrentSkipListMap<String, Long> roots = new ConcurrentSkipListMap<>();

    /** Reads the catalog of a store that has one. */
    public void load(TreeReader reader, long catalogRoot) {
        reader.scan(catalogRoot, null, null, (key, leaf, slot) -> {
            byte[] root = reader.stored(leaf, slot, Use.POINT).value();
            roots.put(name(key), ByteBuffer.wrap(root).getLong());
            return true;
        });
    }

    /** Root of the tree, {@link PageHeader#NO_PAGE} when there is none of this name. */
    public long root(String tree) {
        Long root = roots.get(tree);
        return root == null ? PageHeader.NO_PAGE : root;
    }

    /** Names of all trees, the system's too, in order. */
    public List<String> names() {
        return List.copyOf(roots.keySet());
    }

    /** Names of the users' trees, in order. */
    public List<String> keyspaces() {
        return roots.keySet().stream().filter(name -> !isSystem(name)).toList();
    }

    public static boolean isSystem(String tree) {
        return tree.startsWith(EntryLimits.SYSTEM_PREFIX);
    }

    void add(String tree, long root) {
        roots.put(tree, root);
    }

    static byte[] key(String tree) {
        return tree.getBytes(StandardCharsets.UTF_8);
    }

    static String name(byte[] key) {
        return new String(key, StandardCharsets.UTF_8);
    }
}
