package io.tidemark.jepsen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class CampaignOptionsTest {

    @Test
    void optionsAreReadAndChecked() {
        CampaignOptions options = parse("--minutes", "3", "--nemeses", "kill,s3", "--seed", "42");
        assertEquals(Duration.ofMinutes(3), options.time());
        assertEquals(List.of("kill", "s3"), options.nemeses());
        assertEquals(42, options.seed());
        assertTrue(parse("--help").help());
    }

    @Test
    void wrongUsageIsNamed() {
        assertThrows(IllegalArgumentException.class, () -> parse("--nemeses", "meteorite"));
        assertThrows(IllegalArgumentException.class, () -> parse("--minutes"));
        assertThrows(IllegalArgumentException.class, () -> parse("--minutes", "ten"));
        assertThrows(IllegalArgumentException.class, () -> parse("--hours", "1"));
    }

    private static CampaignOptions parse(String... arguments) {
        return CampaignOptions.parse(arguments);
    }
}
