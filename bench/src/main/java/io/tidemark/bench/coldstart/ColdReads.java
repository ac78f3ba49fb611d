package io.tidemark.bench.coldstart;

import org.HdrHistogram.Histogram;

/**
 * What reads of a store cost whose pages are mostly in S3, and how many of them found their page on the local disk.
 *
 * @param pages of the store
 * @param hotPages that its disk may keep
 * @param poolPages that its memory may keep
 * @param cold microseconds of reads of rows whose page is in S3 alone
 * @param plain the same of ranged GETs of as many bytes, by the same client, in turns
 * @param warm the same of the rows that were read before, now in memory
 * @param reads of the trace that were counted
 * @param hitRate share of them that did not have to wait for S3
 * @param idealHitRate of a cache of as many pages as disk and memory have, which knows what comes
 * @param lruHitRate of one that gives up what was not used for longest
 */
public record ColdReads(
        long mebibytes,
        long pages,
        long hotPages,
        long poolPages,
        Histogram cold,
        Histogram plain,
        Histogram warm,
        int reads,
        double hitRate,
        double idealHitRate,
        double lruHitRate) {}
