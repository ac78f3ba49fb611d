/**
 * What shipping to S3 costs, measured on whole clusters: its rate beside plain PUTs of the same bytes, what writers feel of
 * it, and what is asked of S3 and of the local disks for what is put.
 */
package io.tidemark.bench.shipping;
