package io.tidemark.engine.btree;

import io.tidemark.engine.buffer.Use;
import io.tidemark.engine.log.EntryLimits;
import io.tidemark.engine.page.PageHeader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which trees there are at one LSN: tree name to root page id. Immutable; copied when a tree is made or dropped, which is
 * rare. The store keeps it as a tree of its own: name, UTF-8, to root page id (8 bytes, big-endian). Roots never move.
 */
public final class Catalog {
    public static final Catalog EMPTY = new Catalog(Map.of());

    private final Map<String, Long> roots;
    private final List<String> names;

    private Catalog(Map<String, Long> roots) {
        this.roots = roots;
        this.names = roots.keySet().stream().sorted().toList();
    }

    /** Reads the catalog of a store that has one. */
    public static Catalog load(TreeReader reader, long catalogRoot) {
        Map<String, Long> roots = new HashMap<>();
        reader.scan(catalogRoot, null, null, (key, leaf, slot) -> {
            byte[] root = reader.stored(leaf, slot, Use.POINT).value();
            roots.put(name(key), ByteBuffer.wrap(root).getLong());
            return true;
        });
        return new Catalog(roots);
    }

    /** Root of the tree, {@link PageHeader#NO_PAGE} when there is none of this name. */
    public long root(String tree) {
        Long root = roots.get(tree);
        return root == null ? PageHeader.NO_PAGE : root;
    }

    /** Names of all trees, the system's too, in order. */
    public List<String> names() {
        return names;
    }

    /** Names of the users' trees, in order. */
    public List<String> keyspaces() {
        return names.stream().filter(name -> !isSystem(name)).toList();
    }

    public static boolean isSystem(String tree) {
        return tree.startsWith(EntryLimits.SYSTEM_PREFIX);
    }

    Catalog with(String tree, long root) {
        Map<String, Long> more = new HashMap<>(roots);
        more.put(tree, root);
        return new Catalog(more);
    }

    static byte[] key(String tree) {
        return tree.getBytes(StandardCharsets.UTF_8);
    }

    static String name(byte[] key) {
        return new String(key, StandardCharsets.UTF_8);
    }
}
