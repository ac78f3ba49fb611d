/**
 * The marks of one node on the timeline of LSNs, and the invariant that holds between them: {@code Raft_LWM <= S3_HWM <=
 * committed}, at every instant (rule M1).
 */
package io.tidemark.engine.mark;
