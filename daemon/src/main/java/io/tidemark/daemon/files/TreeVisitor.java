package io.tidemark.daemon.files;

import java.nio.file.Path;

/** What a {@link Tree} hands out, in byte order of the keys within each directory. */
interface TreeVisitor {
    /** A regular file, or a link to one. */
    void file(byte[] key, Path path, long bytes, boolean link);

    /** A directory without entries; the key ends with a slash. */
    void emptyDirectory(byte[] key, Path path);

    /** Something that is neither: a dangling link, a socket, a device, a link back to a directory above it. */
    void skipped(byte[] key, Path path, String why);

    /** Something that cannot be read at all. */
    void unreadable(byte[] key, Path path, String why);
}
