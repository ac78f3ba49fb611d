/**
 * A daemon's port. Begin at {@link io.tidemark.daemon.http.HttpServer}; what it needs of the node behind it is {@link
 * io.tidemark.daemon.http.NodeService}.
 *
 * <pre>
 *   GET    /health /ready /metrics /v1/status /v1/chain?lsn= /v1/contents?lsn=          NodeFace
 *   POST   /v1/sessions /v1/observe /v1/members/{name}?incarnation=                     NodeFace
 *   GET    /v1/kv/{keyspace}?prefix=&amp;from=&amp;after=&amp;to=&amp;limit=                         ScanFace
 *   GET    /v1/kv/{keyspace}/{key}?consistency=&amp;at-least=                              KeyValueFace
 *   PUT    /v1/kv/{keyspace}/{key}      If-Match, If-None-Match: *, Tidemark-Session    KeyValueFace
 *   DELETE /v1/kv/{keyspace}/{key}      likewise                                        KeyValueFace
 *   GET    /api/v1/tiered/stats /api/v1/tiered/segments[/{path}] /api/v1/tiers/...     TierFace
 *   POST   /api/v1/tiered/archive /api/v1/tiered/restore /api/v1/tiers/evaluate         TierFace
 *   POST   /v1/batch                                                                    BatchFace
 * </pre>
 *
 * <p>Guarantees: any node takes any request. A write finds the leader ({@code WriteRoute}); it is applied once if it
 * belongs to a session, and otherwise answered OUTCOME_UNKNOWN rather than sent twice. A read is linearizable unless it
 * asks for less ({@code ReadPoint}). Errors are JSON ({@code ErrorAnswer}).
 *
 * <p>Threads: a bounded pool serves all; a write in flight, a read that waits, a body that arrives hold none. Memory:
 * bodies and answers in flight are bounded ({@code MemoryBudget}). No files.
 */
package io.tidemark.daemon.http;
