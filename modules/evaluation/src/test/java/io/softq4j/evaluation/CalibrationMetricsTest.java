package io.softq4j.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.common.UserError;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CalibrationMetricsTest {

    @Test
    void theRatioIsThatOfMeansOverPromptsThatHaveTwoOfBoth() {
        Item one = item("p", List.of("a", "a", "b"), "a", "a", "b", "c"); // 1/6 to 1/3
        Item two = item("q", List.of("x", "y"), "x ", " x");              // 1 to 0
        Item few = item("r", List.of("x"), "x", "x");
        MetricResult result = judged("collision_ratio", one, two, few);
        assertEquals((1.0 / 6 + 1) / (1.0 / 3 + 0), result.value(), 1e-15);
        assertEquals("collision_ratio|form:text|prompts:2", result.signature());
        assertEquals(Direction.NEITHER, result.direction());
    }

    @Test
    void aRatioToNothingHasNoValueAndSaysWhy() {
        MetricResult result = judged("collision_ratio", item("q", List.of("x", "y"), "x", "x"));
        assertNull(result.value());
        assertEquals("collision_ratio|form:text|prompts:1|undefined:no two references of a prompt are equal", result.signature());
    }

    @Test
    void nGramsCollideWhereWholeTextsDoNot() {
        MetricResult result = judged(Map.of("collision_ratio_ngrams", Map.of("n", 1)),
                item("q", List.of("x a", "x b"), "x a", "x c", "y d"));
        assertEquals("collision_ratio_1grams", result.name());
        assertEquals((2 * 0.25 / 6) / 0.25, result.value(), 1e-15);
    }

    @Test
    void formsOfSquadAreOneTextAndPlainOnesAreNot() {
        Item item = item("q", List.of("The cat.", "cat"), "the cat", "cat");
        assertEquals(1, judged(Map.of("collision_ratio", Map.of("form", "squad")), item).value());
        assertEquals(0.5, judged("coverage", item).value());
        assertEquals(1, judged(Map.of("coverage", Map.of("form", "squad")), item).value());
    }

    @Test
    void accuracyByAPatternComparesWithReferences() {
        Map<String, Object> spec = Map.of("accuracy", Map.of("pattern", "([0-9.,]+)"));
        MetricResult result = judged(spec, item("p", List.of("1,000"), "it is 1000", "it is 5", "nothing"));
        assertEquals(1.0 / 3, result.value(), 1e-15);
        assertEquals("accuracy|pattern:([0-9.,]+)|group:first|match:last|normalise:number", result.signature());
    }

    @Test
    void mistakesInAPatternAreExplained() {
        assertEquals("evaluation.metrics: accuracy: pattern '(a' is not a regular expression: Unclosed group at character 3.",
                refused(Map.of("accuracy", Map.of("pattern", "(a"))));
        assertTrue(refused(Map.of("accuracy", Map.of("pattern", "(a)", "group", 2))).startsWith(
                "evaluation.metrics: accuracy: group 2 of a pattern that has 1: (a)."));
        assertTrue(refused("accuracy").startsWith("evaluation.metrics: accuracy needs a task that tells right from wrong"));
    }

    @Test
    void aPatternThatOverflowsTheStackIsAMistakeOfTheUser() {
        Metric metric = Metrics.named(List.of(Map.of("accuracy", Map.of("pattern", "(a|b)*c")))).get(0);
        Item item = item("p", List.of("x"), "ab".repeat(200_000));
        assertTrue(assertThrows(UserError.class,
                () -> metric.score(List.of(item))).getMessage().contains("needs more memory than there is"));
    }

    @Test
    void diversityOfWordsNeedsNoTokens() {
        EvaluationReport report = Evaluator.judge(Metrics.named(List.of("words", "ngram_entropy", "vendi")),
                List.of(item("p", List.of(), "a b", "c d")),
                null, 1).report();
        assertEquals(2, report.value("words"));
        assertEquals(Math.log(4), report.value("ngram_entropy_1"), 1e-15);
        assertEquals(2, report.value("vendi"), 1e-12);
    }

    private static String refused(Object spec) {
        return assertThrows(UserError.class, () -> Metrics.named(List.of(spec))).getMessage();
    }

    private static MetricResult judged(Object spec, Item... items) {
        return Evaluator.judge(Metrics.named(List.of(spec)), List.of(items), null, 1).report().metrics().get(0);
    }

    private static Item item(String prompt, List<String> references, String... texts) {
        return new Item(prompt, references, List.of(Map.of()), Stream.of(texts).map(Sample::of).toList(), List.of());
    }
}
