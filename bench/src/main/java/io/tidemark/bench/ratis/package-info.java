/**
 * A bare Ratis cluster with an empty state machine, one entry per write: the peer that Tidemark is measured beside.
 *
 * <p>Three servers, each a JVM of its own on loopback, sync their logs for real; one client sends from this process as a
 * user's would. Files lie under the directory given and may be removed when the cluster is closed.
 */
package io.tidemark.bench.ratis;
