/**
 * The process: what a person starts. {@link io.tidemark.daemon.Main} reads the command line; one node runs in {@code
 * node}; {@code cluster} knows the directory that a cluster lives in, {@code process} starts and stops its processes,
 * {@code files} maps trees of files to keys and back, {@code http} is the port.
 */
package io.tidemark.daemon;
