package io.softq4j.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.softq4j.common.Json;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportPageTest {

    private static final List<String> NASTY = List.of("</script><img src=x onerror=alert(1)>", "<!--<script>", "\ud83d\udc69\u200d\ud83d\udc67 \u2028 \"",
            "\u0645\u0631\u062d\u0628\u0627", "");

    private static Judgement judged() {
        List<Item> items = NASTY.stream().map(text -> new Item(text, List.of(text, "r"), List.of(Map.of()),
                List.of(Sample.of(text), Sample.of("r")), List.of())).toList();
        return Evaluator.judge(Metrics.named(List.of("chrf", "exact_match", "self_bleu")), items, null, 1);
    }

    private static String page() {
        return ReportPage.of("</title><script>", List.of("<b>"), List.of("below"), List.of("value"), List.of(judged()), NASTY);
    }

    @Test
    void noTextEndsTheElementItStandsInAndAllOfItIsThere() throws IOException {
        String page = page();
        int from = page.indexOf("id=\"data\">") + "id=\"data\">".length();
        String data = page.substring(from, page.indexOf("</script>", from));
        assertFalse(data.contains("<"), data);
        JsonNode read = Json.STRICT.readTree(data);
        for (int i = 0; i < NASTY.size(); i++) {
            assertEquals(NASTY.get(i), read.at("/items/" + i + "/prompt").asText());
            assertEquals(NASTY.get(i), read.at("/sets/0/samples/" + i + "/0").asText());
            assertEquals(NASTY.get(i), read.at("/items/" + i + "/references/0").asText());
        }
        assertEquals(2, page.split("</script>", -1).length - 1, "that of the data and that of the program");
    }

    @Test
    void aScoreOfASampleOfAnItemAndOfNeitherAreToldApart() throws IOException {
        String page = page();
        int from = page.indexOf("id=\"data\">") + "id=\"data\">".length();
        JsonNode set = Json.STRICT.readTree(page.substring(from, page.indexOf("</script>", from))).at("/sets/0");
        assertTrue(set.at("/perSample/0").asBoolean());
        assertEquals(100, set.at("/scores/0/0/0").asDouble(), 1e-9);
        assertEquals(0, set.at("/scores/2").size(), "Self-BLEU over the set is of no item");
    }

    @Test
    void thePageLoadsNothing() {
        String page = page();
        assertTrue(page.contains("default-src 'none'"));
        assertFalse(page.contains("http://") && !page.contains("http://www.w3.org/2000/svg"));
        assertFalse(page.contains("https://") || page.contains("src=\"") || page.contains("innerHTML"));
    }
}
