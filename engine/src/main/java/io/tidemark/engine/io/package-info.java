/**
 * The engine's only way to the file system.
 *
 * <p>Guarantees: bytes are durable after {@link io.tidemark.engine.io.DiskFile#sync}, names after {@link
 * io.tidemark.engine.io.Disk#syncDirectory}, directories when {@link io.tidemark.engine.io.Disk#createDirectories}
 * returns. Nothing else is. {@link io.tidemark.engine.io.RealDisk} is the machine's file system; the tests' simulated
 * disk loses, tears and reorders whatever the contract allows to be lost. All of it is safe for use by many threads, and
 * an interrupted thread does not close a file under the others.
 */
package io.tidemark.engine.io;
