/** How long it takes until a store of which only S3 knows has answered for the first time (rule CT5), and what reads of it cost. */
package io.tidemark.bench.coldstart;
