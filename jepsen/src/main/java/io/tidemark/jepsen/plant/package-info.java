/**
 * Bugs on purpose, by which the harness shows that it finds bugs.
 *
 * <p>A {@link io.tidemark.jepsen.plant.PlantedFault} is a rule that Byteman's agent weaves into daemons as they start; {@link
 * io.tidemark.jepsen.plant.Lie} is what the rules call. Neither is on a daemon's class path otherwise.
 */
package io.tidemark.jepsen.plant;
