/**
 * Client-side encryption of objects: who holds the bucket reads nothing, and changes nothing without being noticed.
 *
 * <p>Guarantees: bytes that {@link io.tidemark.shipper.cipher.ObjectCipher} hands out are those that somebody with one of
 * the keys put under this very object key, at this very offset. A flipped byte, a block moved within an object or from
 * another, a cut end, an object under another name: each fails by name. What it cannot tell is an object that was removed,
 * or one put back as it was under its own name before; the manifests and the redo chain find that.
 *
 * <p>The format is in {@link io.tidemark.shipper.cipher.CipherFormat}, the decision in {@code
 * docs/adr/0014-object-encryption.md}. No state; any thread.
 */
package io.tidemark.shipper.cipher;
