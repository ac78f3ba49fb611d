/**
 * What strikes a cluster while it works, and then makes it whole again.
 *
 * <p>A {@link io.tidemark.jepsen.nemesis.Nemesis} strikes one blow and heals it. A
 * {@link io.tidemark.jepsen.nemesis.Siege} does so in turn, in one thread, and leaves the cluster healed. Its blows are
 * written into the history.
 */
package io.tidemark.jepsen.nemesis;
