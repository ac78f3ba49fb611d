/**
 * The binary messages between client and daemon, one class per format: {@link io.tidemark.client.wire.BatchRequest},
 * {@link io.tidemark.client.wire.BatchReply}, {@link io.tidemark.client.wire.RowPage}.
 *
 * <p>Each begins with a magic and a version byte. Decoding believes nothing: a length is checked against what follows
 * before memory is taken for it, reserved bytes are zero, nothing may follow the end. Whatever is wrong is a
 * {@link io.tidemark.client.wire.WireException} that names field, offset and value. Immutable values, any thread; byte
 * arrays are not copied and must not be changed after they are handed over.
 */
package io.tidemark.client.wire;
