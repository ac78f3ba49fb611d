/**
 * One run: a cluster on hosts of its own, a workload, nemeses by seed, healing, agreement, final reads, judgement, report.
 *
 * <p>{@link io.tidemark.jepsen.run.Run} guarantees that every fault is healed and that processes, namespaces, mounts and
 * temporary files of the run are gone when it ends, however it ends; what a killed run left is removed by the next.
 * Threads: those of workload, sieges and watch; all end with the run.
 */
package io.tidemark.jepsen.run;
