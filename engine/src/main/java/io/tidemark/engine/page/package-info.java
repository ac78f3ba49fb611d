/**
 * The bytes of a page, and the only ways in which they change.
 *
 * <p>Every page begins with the prefix of {@link io.tidemark.engine.page.PageHeader}; leaves and inner pages of trees go
 * on as a {@link io.tidemark.engine.page.SlottedPage}, page 0 as a {@link io.tidemark.engine.page.MetaPage}, parts of
 * large values as an {@link io.tidemark.engine.page.OverflowPage}. A page is changed by applying a record of {@link
 * io.tidemark.engine.page.PageRedo}, by the running engine and by recovery alike, so that both arrive at the same bytes:
 * no clock, no randomness, unused bytes are zero.
 *
 * <p>Records keep their keys whole. What all keys of a page share is only counted, so that a search compares it once and
 * then the four bytes after it, which stand in the slots ({@link io.tidemark.engine.page.SlottedPage}): a record moves
 * between pages and trees as it is, and a page's first and last keys may be anything.
 *
 * <p>Nothing here holds a lock or does I/O. Pages are buffers with the page at index 0, accessed absolutely; whoever
 * calls has the right to read or change them.
 */
package io.tidemark.engine.page;
