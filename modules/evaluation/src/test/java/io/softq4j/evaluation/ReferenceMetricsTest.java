package io.softq4j.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.common.UserError;
import io.softq4j.evaluation.text.Bleu;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ReferenceMetricsTest {

    private static final Item CAT = item("p1", List.of("the cat sat on the mat", "a cat sat on a mat"), "the cat sat on the mat",
            "a dog ran off");
    private static final Item SHORT = item("p2", List.of("yes"), "yes");
    private static final Item UNKNOWN = item("p3", List.of(), "who knows");

    @Test
    void bleuOfTheCorpusIsOfTheSumOfItsSamplesAndThatOfASampleIsOfTheSentence() {
        Metric metric = one("bleu");
        Scores scores = metric.score(List.of(CAT, SHORT, UNKNOWN));
        Bleu bleu = Bleu.defaults();
        double[] sum = new double[10];
        for (double[] part : List.of(bleu.statistics("the cat sat on the mat", CAT.references()),
                bleu.statistics("a dog ran off", CAT.references()),
                bleu.statistics("yes", SHORT.references()))) {
            for (int i = 0; i < sum.length; i++) {
                sum[i] += part[i];
            }
        }
        assertEquals(bleu.score(sum), scores.corpus());
        assertEquals(100, scores.samples()[0][0], 1e-9);
        assertEquals(100, scores.samples()[1][0], 1e-9, "effective order, for a sentence");
        assertEquals(0, bleu.score("yes", List.of("yes")), "without it, as sacreBLEU's corpus");
        assertTrue(Double.isNaN(scores.samples()[2][0]) && Double.isNaN(scores.items()[2]), "no references, no value");
    }

    @Test
    void aBootstrapDrawIsTheCorpusWithItsItemsSoManyTimes() {
        for (Metric metric : Stream.of("bleu", "chrf", "chrf++", "rougeL", "f1").map(ReferenceMetricsTest::one).toList()) {
            Scores scores = metric.score(List.of(CAT, SHORT, UNKNOWN));
            assertEquals(metric.score(List.of(CAT, CAT, SHORT, SHORT, SHORT)).corpus(), scores.resampled(new int[] {2, 3, 1}), 1e-9,
                    metric.name());
        }
    }

    @Test
    void theSignatureOfAReportSaysHowManyReferencesItemsHave() {
        assertEquals("nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:2.6.0", signature("bleu", List.of(SHORT, UNKNOWN)));
        assertEquals("nrefs:var|case:mixed|eff:yes|nc:6|nw:2|space:no|version:2.6.0", signature("chrf++", List.of(SHORT, CAT)));
        assertEquals("nrefs:2|case:mixed|eff:no|tok:char|smooth:add-k[1.00]|version:2.6.0",
                signature(Map.of("bleu", Map.of("tokenize", "char", "smooth_method", "add-k")), List.of(CAT)));
    }

    private static String signature(Object spec, List<Item> items) {
        return Evaluator.judge(Metrics.named(List.of(spec)), items, null, 1).report().metrics().get(0).signature();
    }

    @Test
    void rougeStandsForItsFourKindsAndEachHasThreeFigures() {
        assertEquals(List.of("rouge1", "rouge2", "rougeL", "rougeLsum"),
                Metrics.named(List.of("rouge")).stream().map(Metric::name).toList());
        assertEquals(List.of("rougeL", "rougeL_precision", "rougeL_recall"),
                Metrics.named(List.of(Map.of("rougeL", Map.of("figures", "all")))).stream().map(Metric::name).toList());
    }

    @Test
    void severalReferencesCountByTheBestOrByTheirMean() {
        Item item = item("p", List.of("a b", "c d"), "a b");
        assertEquals(1, one("rouge1").score(List.of(item)).corpus());
        assertEquals(0.5, one(Map.of("rouge1", Map.of("references", "mean"))).score(List.of(item)).corpus());
    }

    @Test
    void strictExactMatchComparesEveryCharacter() {
        Item item = item("p", List.of("The answer."), "answer", "The answer.", "the answer.");
        assertArrayEquals(new double[] {1, 1, 1}, one("exact_match").score(List.of(item)).samples()[0]);
        assertArrayEquals(new double[] {0, 1, 0}, one(Map.of("exact_match", Map.of("strict", true))).score(List.of(item)).samples()[0]);
    }

    @Test
    void anOptionThatAMethodDoesNotTakeIsRefused() {
        assertEquals("evaluation.metrics: bleu: smooth_method must be one of exp, floor, add-k, none, was epsilon.",
                assertThrows(UserError.class, () -> one(Map.of("bleu", Map.of("smooth_method", "epsilon")))).getMessage());
        assertTrue(assertThrows(UserError.class, () -> one(Map.of("bleu", Map.of("smooth_value", 0.1)))).getMessage()
                .startsWith("evaluation.metrics: bleu: smooth_value would have no effect beside what else is set;"));
    }

    private static Metric one(Object spec) {
        List<Metric> metrics = Metrics.named(List.of(spec));
        assertEquals(1, metrics.size());
        return metrics.get(0);
    }

    private static Item item(String prompt, List<String> references, String... texts) {
        return new Item(prompt, references, List.of(Map.of()), Stream.of(texts).map(Sample::of).toList(), List.of());
    }
}
