/** The disk's own rate: what no log on it can beat. Writes and removes temporary files in the directory it is given. */
package io.tidemark.bench.disk;
