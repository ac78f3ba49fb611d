/**
 * Who belongs to the cluster. A node that lost its disk comes back as the next incarnation of its name: a newcomer that
 * never voted, taken in before its predecessor is taken out, in one change (rule L4).
 */
package io.tidemark.raft.membership;
