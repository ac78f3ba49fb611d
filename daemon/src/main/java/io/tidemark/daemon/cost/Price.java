package io.tidemark.daemon.cost;

/** What is paid for. The standard is what AWS lists for us-east-1 (S3 Standard, gp3 disks), in dollars. */
public enum Price {
    S3_GIB_MONTH("s3-gib-month", 0.023, "a GiB in S3, per month"),
    S3_PUT_THOUSAND("s3-put-thousand", 0.005, "1,000 requests that write or list"),
    S3_GET_THOUSAND("s3-get-thousand", 0.0004, "1,000 requests that read"),
    S3_OUT_GIB("s3-out-gib", 0, "a GiB read from S3; nothing within a region"),
    DISK_GIB_MONTH("disk-gib-month", 0.08, "a GiB of a node's disk, per month");

    private final String key;
    private final double standard;
    private final String meaning;

    Price(String key, double standard, String meaning) {
        this.key = key;
        this.standard = standard;
        this.meaning = meaning;
    }

    public String key() {
        return key;
    }

    public double standard() {
        return standard;
    }

    public String meaning() {
        return meaning;
    }
}
