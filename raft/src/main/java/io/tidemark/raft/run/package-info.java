/** One run of Ratis over the engine, which retention and membership act on and the node starts and ends. */
package io.tidemark.raft.run;
