package io.tidemark.daemon.verify;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** What a verification found, in the order it looked. */
public final class Findings {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<Finding> all = new ArrayList<>();
    private long lsn = -1;

    /**
     * @param subject what was looked at
     * @param ok whether it is as it must be
     * @param detail the values that say so
     */
    public record Finding(String subject, boolean ok, String detail) {}

    void add(String subject, boolean ok, String detail) {
        all.add(new Finding(subject, ok, detail));
    }

    void at(long observed) {
        lsn = observed;
    }

    public boolean ok() {
        return all.stream().allMatch(Finding::ok);
    }

    public List<Finding> all() {
        return List.copyOf(all);
    }

    public ObjectNode toJson() {
        ObjectNode out = JSON.createObjectNode();
        out.put("ok", ok()).put("lsn", lsn);
        ArrayNode list = out.putArray("findings");
        for (Finding finding : all) {
            list.addObject()
                    .put("subject", finding.subject())
                    .put("ok", finding.ok())
                    .put("detail", finding.detail());
        }
        return out;
    }
}
