/**
 * Named B+trees over pages, the allocation of pages, and large values.
 *
 * <p>Reading ({@link io.tidemark.engine.btree.TreeReader}) is for any thread, over pages of one state; writing
 * ({@link io.tidemark.engine.btree.TreeEditor}, {@link io.tidemark.engine.btree.PageAllocator}) is for the applying
 * thread, inside an entry. Every change goes through {@link io.tidemark.engine.btree.PageWriter}, which writes its redo
 * record first and then applies that record.
 *
 * <p>Which page ids are given out, how pages split and what every byte is depends on the applied entries alone (rule P6):
 * freed pages are given out again last in, first out; a page splits where its bytes are halved, or where records come in
 * order ({@link io.tidemark.engine.btree.TreeSplit}); a page under a quarter full joins a sibling of the same parent when
 * both fit one page ({@link io.tidemark.engine.btree.TreeMerge}); a root never moves, and one with a single child takes
 * over that child's contents. Separators are as short as the keys allow. Leaves have no links to one another: a {@link
 * io.tidemark.engine.btree.TreeCursor} goes from one to the next through their parents, which its page source shows as
 * they were when it was placed.
 */
package io.tidemark.engine.btree;
