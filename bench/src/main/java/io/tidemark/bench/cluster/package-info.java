/**
 * Clusters measured side by side: the Tidemark cluster as a user starts it, and the rounds in which it takes turns with
 * its peer.
 *
 * <p>All clusters are up from the first round to the last, so that each warms up once; while one is loaded the others
 * rest. Daemons are processes; their files lie under the directory given.
 */
package io.tidemark.bench.cluster;
