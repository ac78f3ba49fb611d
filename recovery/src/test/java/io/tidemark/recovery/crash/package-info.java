/**
 * Random logs on the whole engine, with the power cut at every operation of its disk: what comes back is the state at an
 * LSN that the log knows, never below what was promised, and goes on to the same end. One thread, a disk in memory, no
 * clock; a seed tells all that happens.
 */
package io.tidemark.recovery.crash;
