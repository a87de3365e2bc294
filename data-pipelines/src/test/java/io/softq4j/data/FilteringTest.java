package io.softq4j.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.common.UserError;
import io.softq4j.tokens.store.RowCounts;
import io.softq4j.tokens.store.TokenStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which rows of a corpus come through. */
class FilteringTest {

    private static final TokenizerConfig SMALL = TokenizerConfig.defaults().with(t -> t.vocabSize(300));

    @TempDir
    Path home;

    @Test
    void regularExpressionsKeepAndDrop() throws IOException {
        RowCounts rows = prepare(FilterConfig.defaults()
                .with(f -> f.keepMatching(Map.of("question", "(?i)HENS")).dropMatching(Map.of("answer", "#### (15|40)$", "level", "hard"))),
                Rows.row(0), Rows.row(1), Rows.row(5), "{\"question\": \"ducks\", \"answer\": \"x\"}",
                "{\"question\": \"hens\", \"answer\": \"x\", \"level\": \"hard\"}");
        assertEquals(1, rows.kept());
        assertEquals(List.of("t.jsonl:1", "t.jsonl:2", "t.jsonl:4", "t.jsonl:5"), rows.dropped().get("filtered").first());
    }

    @Test
    void aRegularExpressionMeansWhatItMeansAlone() throws IOException {
        for (String regex : List.of("\\QMara", "(?x)Mara # a name", "weeks\\?$")) {
            assertEquals(2, prepare(FilterConfig.defaults().with(f -> f.keepMatching(Map.of("question", regex))), Rows.row(0), Rows.row(1))
                    .kept(), regex);
        }
        RowCounts rows = prepare(FilterConfig.defaults().with(f -> f.dropMatching(Map.of("answer", "a.b"))), Rows.row(0),
                "{\"question\": \"q\", \"answer\": \"a\\nb\"}");
        assertEquals(2, rows.kept(), "a dot is no line feed");
        rows = prepare(FilterConfig.defaults().with(f -> f.dropMatching(Map.of("question", "^(a|b)*c$"))), Rows.row(0),
                "{\"question\": \"" + "ab".repeat(20_000) + "\", \"answer\": \"x\"}");
        assertEquals(List.of("t.jsonl:2"), rows.dropped().get("transform_failed").first());
    }

    @Test
    void aColumnThatNoRowHasIsPointedOut() throws IOException {
        prepare(FilterConfig.defaults().with(f -> f.dropMatching(Map.of("qestion", "x"))), Rows.row(0));
        List<String> warnings = DataCard.read(home.resolve("out/data-card.json")).orElseThrow().warnings();
        assertEquals("No row of " + home.resolve("t.jsonl") + " has anything in the column qestion of drop_matching.qestion; is its name right?",
                warnings.get(0));
    }

    @Test
    void aTransformMayMakeTheColumnThatIsRendered() throws IOException {
        prepare(FilterConfig.defaults().with(f -> f.transforms(List.of(Doubled.class.getName())).keepMatching(Map.of("doubled", "11"))),
                "{\"answer\": \"1\"}", "{\"answer\": \"2\"}");
        TokenStore store = TokenStore.open(home.resolve("out/train"));
        assertEquals(1, store.size());
        assertEquals("Question: 11\nAnswer: 1", store.tokenizer().decode(store.get(0).ids()));
    }

    @Test
    void whatTheEvaluationHoldsIsNotLearned() throws IOException {
        Path test = Files.writeString(home.resolve("test.jsonl"), "{\"id\": 1, \"chat\": [{\"content\": \"Mara has 4 hens. Each lays 5 eggs a week.\"}]}\n");
        RowCounts rows = prepare(FilterConfig.defaults().with(f -> f.decontaminate(List.of(test.toString())).decontaminateNgram(9)),
                Rows.row(0), Rows.row(1), Rows.row(2));
        assertEquals(2, rows.kept());
        assertEquals(List.of("t.jsonl:2"), rows.dropped().get("contaminated").first());
        TokenStore store = TokenStore.open(home.resolve("out/train"));
        assertEquals(2, Pipeline.read(store.manifest().pipeline().toString(), home.resolve("out/train")).getActionList().stream()
                .filter(step -> step.getFilter() != null || step.getTransform() instanceof io.softq4j.data.step.TokenizeTransform).count());
    }

    @Test
    void aTransformOfTheUsersOwnRunsBeforeRenderingInPreparationAndEvaluation() throws IOException {
        FilterConfig shout = FilterConfig.defaults().with(f -> f.transforms(List.of(Shout.class.getName())));
        prepare(shout, Rows.row(0));
        TokenStore store = TokenStore.open(home.resolve("out/train"));
        String text = store.tokenizer().decode(store.get(0).ids());
        assertTrue(text.startsWith("Question: MARA HAS 3 HENS."), text);
        DataConfig data = Rows.GSM8K.with(d -> d.filter(shout));
        try (var records = new Records(data, store.tokenizer()).read(List.of(home.resolve("t.jsonl").toString()))) {
            assertTrue(records.toList().get(0).prompt().startsWith("Question: MARA HAS"));
        }
    }

    @Test
    void aTransformThatFailsIsNamedWithTheRow() throws IOException {
        FilterConfig shout = FilterConfig.defaults().with(f -> f.transforms(List.of(Shout.class.getName())));
        String boom = "{\"question\": \"boom\", \"answer\": \"x\"}";
        String message = assertThrows(UserError.class, () -> prepare(shout, Rows.row(0), boom)).getMessage();
        assertEquals("t.jsonl:2: io.softq4j.data.Shout failed: java.lang.IllegalStateException: no booms", message);
    }

    @Test
    void whateverTheCorpusEveryRowIsKeptOnceOrCounted() throws IOException {
        for (long seed = 0; seed < 30; seed++) {
            Random random = new Random(seed);
            int n = 1 + random.nextInt(300);
            String[] rows = new String[n];
            Set<String> distinct = new LinkedHashSet<>();
            TreeMap<String, Integer> expected = new TreeMap<>();
            for (int i = 0; i < n; i++) {
                switch (random.nextInt(6)) {
                    case 0 -> count(expected, "malformed_json", rows, i, "{" + "x".repeat(random.nextInt(5)));
                    case 1 -> count(expected, "missing_field", rows, i, "{\"question\": \"" + i + "\"}");
                    case 2 -> count(expected, "not_text", rows, i, "{\"question\": \"" + i + "\", \"answer\": [" + i + "]}");
                    default -> {
                        rows[i] = "{\"question\": \"q" + random.nextInt(50) + "\", \"answer\": \"é" + random.nextInt(3) + "😀\"}";
                        if (!distinct.add(rows[i])) {
                            expected.merge("duplicate", 1, Integer::sum);
                        }
                    }
                }
            }
            if (distinct.isEmpty()) {
                continue;
            }
            RowCounts counts = prepare(FilterConfig.defaults().with(f -> f.dedupe(Dedupe.EXACT)), rows);
            TreeMap<String, Integer> seen = new TreeMap<>();
            counts.dropped().forEach((reason, dropped) -> seen.put(reason, (int) dropped.count()));
            assertEquals(expected, seen, "seed " + seed);
            assertEquals(n, counts.read(), "seed " + seed);
            assertEquals(distinct.size(), counts.kept(), "seed " + seed);
            TokenStore store = TokenStore.open(home.resolve("out/train"));
            int at = 0;
            for (String row : distinct) {
                String text = store.tokenizer().decode(store.get(at++).ids());
                assertEquals(row, text.replaceFirst("(?s)Question: (.*)\nAnswer: (.*)", "{\"question\": \"$1\", \"answer\": \"$2\"}"), "seed " + seed);
            }
        }
    }

    private static void count(Map<String, Integer> expected, String reason, String[] rows, int i, String row) {
        expected.merge(reason, 1, Integer::sum);
        rows[i] = row;
    }

    private RowCounts prepare(FilterConfig filter, String... rows) throws IOException {
        Path corpus = Files.writeString(home.resolve("t.jsonl"), String.join("\n", rows) + "\n");
        boolean strict = !filter.transforms().isEmpty();
        DataConfig data = (filter.transforms().contains(Doubled.class.getName()) ? Rows.GSM8K
                .with(d -> d.prompt("Question: {doubled}\nAnswer:").response(" {answer}"))
                : Rows.GSM8K).with(d ->
                        d.train(List.of(corpus.toString())).onError(strict ? OnError.FAIL : OnError.SKIP).filter(filter).numProc(3));
        new Preparation(data, SMALL, Progress.NONE).run(home.resolve("out"));
        return TokenStore.open(home.resolve("out/train")).manifest().counts();
    }
}
