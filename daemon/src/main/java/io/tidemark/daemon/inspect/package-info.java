/**
 * Files in words: what a segment, a manifest, a WAL file, a page or a whole store holds. Each reader checks every
 * checksum; damage is printed where it is met, with what was expected and what was found. Nothing is changed.
 */
package io.tidemark.daemon.inspect;
