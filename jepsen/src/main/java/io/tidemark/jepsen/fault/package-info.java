/**
 * Faults that are injected into the world around the daemons.
 *
 * <p>{@link io.tidemark.jepsen.fault.ObjectStoreProxy} stands between daemons and their S3 endpoint. It knows HTTP/1.1 just
 * well enough to tell where a request and its answer end, and never changes what it forwards. One acceptor thread and one
 * thread per connection, all daemon threads.
 */
package io.tidemark.jepsen.fault;
