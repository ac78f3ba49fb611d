/**
 * The object store, reduced to what the design leans on: whole objects, created once if their key is free, never changed
 * (rules X2, CT8).
 *
 * <p>It guarantees that an unclear answer never becomes a wrong one: a PUT that was not answered is settled by looking at
 * the object, and what a GET returns has the length and SHA-256 that its writer stored beside it. Implementations are
 * thread-safe and blocking, each call bounded by a deadline.
 */
package io.tidemark.shipper.store;
