/**
 * Page packs: immutable objects that hold the images of the pages that changed between two checkpoints, and the
 * directories that say in which pack the image of each page lies.
 *
 * <p>Guarantees: an image that is read without error is the page with the id, LSN and CRC that the directory says; a
 * flipped byte anywhere in an object is found, whether the object is read whole or by ranges, and named with object,
 * offset, expected and found. Two packs of the same pages are equal when their content hashes are (rule CT8).
 *
 * <p>{@link io.tidemark.shipper.pack.PageDirectory} finds any page with the root, one part and one image, by ranged reads
 * (rule CT4). {@link io.tidemark.shipper.pack.DirectoryBuilder} makes the next directory from the one before, sharing the
 * parts in which nothing changed.
 *
 * <p>Not thread-safe but for {@code PageDirectory}; what is built is built in memory, an object at a time.
 */
package io.tidemark.shipper.pack;
