/**
 * Trees of files and lines of JSON as keys and values, both ways, for {@code load} and {@code export}.
 *
 * <p>A file is the key of its path below the tree's root, names joined by {@code /}, byte for byte as the file system
 * has them, also where they are no valid UTF-8. An empty directory is the key of its path with a slash at its end and no
 * value. Symbolic links are followed, as {@code diff -r} follows them, except where they lead back to a directory above
 * themselves. Nothing else of a file is kept: no times, owners, permissions.
 *
 * <p>{@code load} looks at everything first and refuses before it writes anything. {@code export} never writes outside
 * of its directory, whatever the keys say; keys that are no paths are refused by name.
 */
package io.tidemark.daemon.files;
