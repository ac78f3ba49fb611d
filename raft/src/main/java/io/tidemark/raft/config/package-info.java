/** The Ratis properties that are not options. */
package io.tidemark.raft.config;
