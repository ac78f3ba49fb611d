/**
 * How long Tidemark's engine takes to come back after {@code kill -9}, and what the time goes into.
 *
 * <p>One process makes a store and is killed by its process id; a second opens it, says what that took, looks at every row
 * and is killed too, so that a third can do the same with the files no longer in the page cache. Files are dropped from
 * there by {@code dd oflag=nocache}, which touches no other process's files.
 */
package io.tidemark.bench.restart;
