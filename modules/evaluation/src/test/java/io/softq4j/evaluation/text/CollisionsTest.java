package io.softq4j.evaluation.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.common.Streams;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CollisionsTest {

    @Test
    void pairsThatAreEqualOverPairs() {
        assertEquals(1.0 / 3, Collisions.probability(List.of("a", "b", "a")), 1e-15);
        assertEquals(0, Collisions.probability(List.of("a", "b", "c")));
        assertEquals(1, Collisions.probability(List.of("a", "a", "a")));
        assertTrue(Double.isNaN(Collisions.probability(List.of("a"))));
    }

    /** The plug-in estimate, the sum of squared shares, would be 0.66 here: with two draws it can't be below a half. */
    @Test
    void twoDrawsAreEnoughForAnEstimateWithoutBias() {
        SplittableRandom random = Streams.of("collisions", 1);
        double truth = 0.5 * 0.5 + 0.3 * 0.3 + 0.2 * 0.2;
        int trials = 200_000;
        double sum = 0;
        for (int t = 0; t < trials; t++) {
            sum += Collisions.probability(List.of(draw(random), draw(random)));
        }
        assertEquals(truth, sum / trials, 5 * Math.sqrt(truth * (1 - truth) / trials));
    }

    private static String draw(SplittableRandom random) {
        double u = random.nextDouble();
        return u < 0.5 ? "a" : u < 0.8 ? "b" : "c";
    }

    @Test
    void nGramsByTheirDefinitionOverAllPairs() {
        SplittableRandom random = Streams.of("collisions of n-grams", 2);
        for (int trial = 0; trial < 50; trial++) {
            List<String> texts = IntStream.range(0, 6).mapToObj(t -> String.join(" ", IntStream.range(0, random.nextInt(8))
                    .mapToObj(w -> "w" + random.nextInt(4)).toList())).toList();
            for (int n = 1; n <= 3; n++) {
                double sum = 0;
                int pairs = 0;
                for (int i = 0; i < texts.size(); i++) {
                    for (int j = 0; j < texts.size(); j++) {
                        List<String> one = grams(texts.get(i), n);
                        List<String> other = grams(texts.get(j), n);
                        if (i != j && !one.isEmpty() && !other.isEmpty()) {
                            pairs++;
                            double equal = one.stream().mapToLong(g -> other.stream().filter(g::equals).count()).sum();
                            sum += equal / one.size() / other.size();
                        }
                    }
                }
                assertEquals(pairs == 0 ? Double.NaN : sum / pairs, Collisions.probabilityOfNGrams(texts, n), 1e-12, n + " " + texts);
            }
        }
    }

    private static List<String> grams(String text, int n) {
        List<String> words = Whitespace.split(text);
        return IntStream.rangeClosed(0, words.size() - n).mapToObj(i -> String.join(" ", words.subList(i, i + n))).toList();
    }

    @Test
    void coverageCountsEachReferenceAndEachNGramOnce() {
        List<String> references = List.of("a b c", "a b c", "d e");
        assertEquals(0.5, Collisions.coverage(references, List.of("d e", "x", "d e")));
        assertEquals(0, Collisions.coverage(references, List.of()));
        assertTrue(Double.isNaN(Collisions.coverage(List.of(), List.of("a"))));
        assertEquals(2.0 / 5, Collisions.coverageOfNGrams(references, List.of("c b", "x b"), 1), 1e-15);
        assertEquals(1.0 / 3, Collisions.coverageOfNGrams(references, List.of("x b c d"), 2), 1e-15);
        assertTrue(Double.isNaN(Collisions.coverageOfNGrams(references, List.of("a b c d"), 4)));
    }

    @Test
    void entropyOfNGramsInNats() {
        assertEquals(Math.log(4), NGramEntropy.of(List.of("a b", "c d"), 1), 1e-15);
        assertEquals(0, NGramEntropy.of(List.of("a a a"), 1));
        assertEquals(-(2.0 / 3 * Math.log(2.0 / 3) + 1.0 / 3 * Math.log(1.0 / 3)), NGramEntropy.of(List.of("a b", "a b", "c a", "x"), 2),
                1e-15);
        assertTrue(Double.isNaN(NGramEntropy.of(List.of("a"), 2)));
    }
}
