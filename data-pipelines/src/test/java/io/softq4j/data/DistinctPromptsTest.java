package io.softq4j.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.common.Json;
import io.softq4j.tokens.Tokenizer;
import io.softq4j.tokens.bpe.BpeOptions;
import io.softq4j.tokens.bpe.BpeTrainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DistinctPromptsTest {

    @TempDir
    private Path home;

    private final Tokenizer tokenizer = new BpeTrainer(BpeOptions.defaults()).train();

    private DistinctPrompts draw(List<String> lines, int limit, long seed) throws IOException {
        Path file = Files.writeString(home.resolve("p.jsonl"), String.join("\n", lines) + "\n");
        return new Records(DataConfig.defaults(), tokenizer).distinctPrompts(List.of(file.toString()), limit, seed);
    }

    private static List<String> texts(DistinctPrompts prompts) {
        return prompts.items().stream().map(DistinctPrompts.Item::prompt).toList();
    }

    /** 20 prompts with 1 to 5 rows each, in any order. */
    private static List<String> rows() {
        List<String> rows = new ArrayList<>();
        for (int p = 0; p < 20; p++) {
            for (int r = 0; r <= p % 5; r++) {
                rows.add("{\"prompt\": \"p" + p + "\", \"completion\": \"answer " + p + "." + r + "\"}");
            }
        }
        Collections.shuffle(rows, new Random(1));
        return rows;
    }

    @Test
    void rowsWithTheSamePromptAreOneItemThatKnowsThemAll() throws IOException {
        DistinctPrompts all = draw(List.of("{\"prompt\": \"b\", \"completion\": \"1\"}", "{\"prompt\": \"a\", \"completion\": \"2\"}",
                "{\"prompt\": \"b\", \"completion\": \"3\"}"), 0, 1);
        assertEquals(List.of("b", "a"), texts(all));
        assertEquals(List.of("1", "3"), all.items().get(0).records().stream().map(row -> row.fields().get("completion")).toList());
        assertEquals(List.of(1L, 3L), all.items().get(0).numbers());
        assertEquals(List.of("b", "a"), all.prompts().records().stream().map(RenderedRecord::prompt).toList());
    }

    @Test
    void soManyDifferentPromptsAreDrawnWithAllTheirRows() throws IOException {
        for (int limit : new int[] {1, 7, 19, 20, 30}) {
            DistinctPrompts drawn = draw(rows(), limit, 3);
            assertEquals(Math.min(limit, 20), drawn.items().size());
            assertEquals(drawn.items().size(), new TreeSet<>(texts(drawn)).size());
            for (DistinctPrompts.Item item : drawn.items()) {
                assertEquals(Integer.parseInt(item.prompt().substring(1)) % 5 + 1, item.records().size());
                for (int i = 0; i < item.numbers().size(); i++) {
                    assertTrue(item.records().get(i).where().endsWith(":" + item.numbers().get(i)), item.records().get(i).where());
                }
            }
        }
    }

    @Test
    void theDrawFollowsFromTheSeedAndNotFromTheOrderOfTheRowsAndGrows() throws IOException {
        List<String> shuffled = rows();
        Collections.shuffle(shuffled, new Random(2));
        assertEquals(new TreeSet<>(texts(draw(rows(), 7, 3))), new TreeSet<>(texts(draw(shuffled, 7, 3))));
        assertNotEquals(new TreeSet<>(texts(draw(rows(), 7, 3))), new TreeSet<>(texts(draw(rows(), 7, 4))));
        assertTrue(texts(draw(rows(), 8, 3)).containsAll(texts(draw(rows(), 7, 3))));
    }

    /** Chi-squared over 20 prompts, each drawn with probability 0.2: 0.1 % of 19 degrees of freedom is above 43.8. */
    @Test
    void everyPromptIsDrawnAsOftenWhateverItsRows() throws IOException {
        Map<String, Integer> counts = new TreeMap<>();
        for (long seed = 0; seed < 200; seed++) {
            texts(draw(rows(), 4, seed)).forEach(prompt -> counts.merge(prompt, 1, Integer::sum));
        }
        double chi = counts.values().stream().mapToDouble(n -> (n - 40.0) * (n - 40.0) / (40 * 0.8)).sum() * 19 / 20;
        assertTrue(counts.size() == 20 && chi < 43.8, counts + ", chi-squared " + chi);
    }

    @Test
    void aConversationCountsAsItsAnswerWhereverItStands() throws IOException {
        String messages = "[{\"role\": \"user\", \"content\": \"2 + 2?\"}, {\"role\": \"assistant\", \"content\": %s}]";
        assertEquals(Map.of("messages", "4", "id", "7"), fields("{\"messages\": " + messages.formatted("\"4\"") + ", \"id\": 7}"));
        assertEquals(Map.of("messages", "It is 4"), fields("{\"messages\": " + messages.formatted(
                "[{\"type\": \"text\", \"text\": \"It is \"}, {\"type\": \"text\", \"text\": \"4\"}]") + "}"));
        assertEquals(Map.of("conversations", "4"),
                fields("{\"conversations\": [{\"from\": \"human\", \"value\": \"2 + 2?\"}, {\"from\": \"gpt\", \"value\": \"4\"}]}"));
        assertEquals(Map.of("messages", "4"), fields("{\"messages\": " + Json.STRICT.writeValueAsString(messages.formatted("\"4\"")) + "}"), "as in CSV");
        assertEquals(Map.of("completion", "4"), fields("{\"completion\": [{\"role\": \"assistant\", \"content\": \"4\"}]}"), "as TRL has answers");
    }

    @Test
    void whatIsNoConversationStaysAndOneWithoutAnAnswerHasNone() throws IOException {
        assertEquals(Map.of("list", "[1,2]", "text", "[{\"role\": no", "empty", "[]"),
                fields("{\"list\": [1, 2], \"text\": \"[{\\\"role\\\": no\", \"empty\": []}"));
        assertEquals(Map.of(), fields("{\"messages\": [{\"role\": \"user\", \"content\": \"2 + 2?\"}]}"));
    }

    private static Map<String, String> fields(String row) throws IOException {
        return new RenderedRecord("p", List.of(), 0, (com.fasterxml.jackson.databind.node.ObjectNode) Json.STRICT.readTree(row), "f:1").fields();
    }
}
