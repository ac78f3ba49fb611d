/** A state of the past behind the port that a node has: whatever reads a cluster reads a view, and writes are refused. */
package io.tidemark.daemon.view;
