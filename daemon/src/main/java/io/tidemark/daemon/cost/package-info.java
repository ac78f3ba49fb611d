/**
 * What a cluster costs: bytes per tier, requests by class, dollars per month by a table of prices. Only reads; what it
 * says of requests is a projection of what each process has done since it was started.
 */
package io.tidemark.daemon.cost;
