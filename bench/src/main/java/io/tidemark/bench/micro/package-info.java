/**
 * JMH benchmarks of the engine alone: no Raft, no network. Each opens a store of its own in a temporary directory, with
 * default options, and removes it.
 */
package io.tidemark.bench.micro;
