/**
 * Daemons seen over their HTTP port by the command line: status, readiness, chain and contents. Requests of keys and
 * values go through the Java client instead. Every call has a time limit; a node that does not answer is a value, not
 * an exception, wherever many nodes are asked.
 */
package io.tidemark.daemon.remote;
