/** An S3 endpoint within this machine, to try Tidemark without an account; not a place to keep data. */
package io.tidemark.shipper.trial;
