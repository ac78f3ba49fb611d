/**
 * A cluster brought back from S3 alone. The state is replayed once, into a scratch directory, and copied to every node;
 * only when all copies are durable does the new {@code cluster.json} take the place of the old one, which is kept as
 * {@code cluster.json.OLD-HISTORY}. A restore that fails leaves the directory as it was.
 */
package io.tidemark.daemon.restore;
