package io.softq4j.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.softq4j.common.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Golden values: metrics/paired_bootstrap.py, with NumPy and SciPy. */
class PairedDifferenceTest {

    private static final Metric HIGHER = new CorpusMetric("m", Direction.HIGHER, Set.of(), items -> Scores.ofCorpus(0));
    private static final Metric LOWER = new CorpusMetric("m", Direction.LOWER, Set.of(), items -> Scores.ofCorpus(0));

    private static String resource(String name) throws IOException {
        try (InputStream in = PairedDifferenceTest.class.getResourceAsStream("/metrics/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Scores ratio(JsonNode rows) {
        double[][] statistics = new double[rows.size()][];
        for (int i = 0; i < statistics.length; i++) {
            statistics[i] = new double[] {rows.get(i).get(0).doubleValue(), rows.get(i).get(1).doubleValue()};
        }
        return Scores.sumsOfItems(statistics, sum -> sum[0] / sum[1]);
    }

    @Test
    void overTheSameDrawsTheIntervalIsNumPys() throws IOException {
        StringBuilder draws = new StringBuilder();
        new Bootstrap(8, 1).interval(times -> {
            draws.append(Arrays.stream(times).mapToObj(Integer::toString).collect(Collectors.joining(" "))).append('\n');
            return 0;
        });
        assertEquals(resource("draws.txt"), draws.toString(), "other draws than those of the golden values: make them again");
        JsonNode cases = Json.STRICT.readTree(resource("paired_bootstrap.json")).get("same_draws");
        assertEquals(6, cases.size());
        for (JsonNode c : cases) {
            PairedDifference found = PairedDifference.of(HIGHER, ratio(c.get("a")), ratio(c.get("b")), new Bootstrap(8, 1));
            assertEquals(c.get("low").doubleValue(), found.low(), 1e-12);
            assertEquals(c.get("high").doubleValue(), found.high(), 1e-12);
        }
    }

    /** A quantile of 1,000 draws is off by 0.085 standard deviations itself; SciPy's, of 200,000, by 0.006. */
    @Test
    void overOtherDrawsTheIntervalIsSciPysWithinTheErrorOfAThousandDraws() throws IOException {
        JsonNode cases = Json.STRICT.readTree(resource("paired_bootstrap.json")).get("scipy");
        double off = 0;
        for (JsonNode c : cases) {
            double error = c.get("standard_error").doubleValue();
            PairedDifference found = PairedDifference.of(HIGHER, ratio(c.get("a")), ratio(c.get("b")), new Bootstrap(60, 3));
            assertEquals(c.get("low").doubleValue(), found.low(), 0.3 * error);
            assertEquals(c.get("high").doubleValue(), found.high(), 0.3 * error);
            off += (found.low() - c.get("low").doubleValue() + found.high() - c.get("high").doubleValue()) / error;
        }
        assertEquals(0, off / (2 * cases.size()), 0.1, "on the average of " + 2 * cases.size() + " ends");
    }

    /** 400 synthetic studies of 60 prompts, true difference 0.1: about 95 of 100 intervals hold it, where unpaired ones would be ten times as wide. */
    @Test
    void aboutNinetyFiveOfAHundredIntervalsHoldTheTruth() {
        Random random = new Random(14);
        Bootstrap bootstrap = new Bootstrap(60, 5);
        int held = 0;
        int chance = 0;
        int studies = 400;
        for (int study = 0; study < studies; study++) {
            double[] a = new double[60];
            double[] b = new double[60];
            for (int i = 0; i < a.length; i++) {
                double hard = 3 * random.nextGaussian();
                a[i] = hard + 0.1 + 0.2 * random.nextGaussian();
                b[i] = hard + 0.2 * random.nextGaussian();
            }
            PairedDifference found = PairedDifference.of(HIGHER, Scores.meansOfItems(a), Scores.meansOfItems(b), bootstrap);
            held += found.low() <= 0.1 && 0.1 <= found.high() ? 1 : 0;
            chance += found.mayBeChance() ? 1 : 0;
            assertTrue(found.high() - found.low() < 0.3, "the items' hardness widens nothing");
        }
        assertEquals(0.945, held / (double) studies, 0.025);
        assertTrue(chance < studies * 0.35, "a difference of 2.7 standard errors is mostly told from chance, not so in " + chance);
    }

    @Test
    void itemsAreCountedByTheMetricsDirection() {
        Scores a = Scores.meansOfItems(new double[] {1, 2, 0.1 + 0.2, Double.NaN, Double.NaN, 5});
        Scores b = Scores.meansOfItems(new double[] {0, 3, 0.3, Double.NaN, 1, 4});
        Bootstrap bootstrap = new Bootstrap(6, 1);
        PairedDifference higher = PairedDifference.of(HIGHER, a, b, bootstrap);
        assertEquals(List.of(2, 1, 1), List.of(higher.better(), higher.equal(), higher.worse()));
        PairedDifference lower = PairedDifference.of(LOWER, a, b, bootstrap);
        assertEquals(List.of(1, 1, 2), List.of(lower.better(), lower.equal(), lower.worse()));
    }

    @Test
    void whatHasNoItemsHasADifferenceWithoutAnInterval() {
        PairedDifference found = PairedDifference.of(HIGHER, Scores.ofCorpus(3), Scores.ofCorpus(1), new Bootstrap(4, 1));
        assertEquals(2, found.value());
        assertNull(found.low());
        assertFalse(found.mayBeChance());
        assertEquals(0, found.better() + found.equal() + found.worse());
        assertNull(PairedDifference.of(HIGHER, Scores.ofCorpus(Double.NaN), Scores.ofCorpus(1), new Bootstrap(4, 1)).value());
    }

    @Test
    void equalModelsDifferByNothing() {
        Scores scores = Scores.meansOfItems(new double[] {1, 0, 1, 1});
        PairedDifference found = PairedDifference.of(HIGHER, scores, scores, new Bootstrap(4, 1));
        assertEquals(0, found.low());
        assertEquals(0, found.high());
        assertTrue(found.mayBeChance());
        assertEquals(4, found.equal());
    }

    @Test
    void otherItemsAreRefused() {
        Judgement one = judged("a", "b");
        assertEquals("two judgements are compared on the same items by the same metrics", assertThrows(IllegalArgumentException.class,
                () -> PairedDifference.of(one, judged("b", "a"), new Bootstrap(2, 1))).getMessage());
        assertEquals(1, PairedDifference.of(one, judged("a", "b"), new Bootstrap(2, 1)).size());
    }

    private static Judgement judged(String... prompts) {
        List<Item> items = new ArrayList<>();
        for (String prompt : prompts) {
            items.add(new Item(prompt, Map.of(), List.of(Sample.of(prompt))));
        }
        return Evaluator.judge(Metrics.named(List.of("words")), items, null, 1);
    }
}
