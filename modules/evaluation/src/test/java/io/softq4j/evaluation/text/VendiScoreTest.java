package io.softq4j.evaluation.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.softq4j.common.Streams;
import io.softq4j.evaluation.text.Golden.Differences;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class VendiScoreTest {

    @Test
    void scoresAreThoseOfThePackage() {
        List<String> texts = Golden.cases().stream().flatMap(c -> {
            List<String> all = new ArrayList<>(List.of(c.text()));
            all.addAll(c.references());
            return all.stream();
        }).toList();
        Differences differences = new Differences("Vendi score");
        for (JsonNode row : Golden.json("vendi.json").get("scores")) {
            List<String> kept = new ArrayList<>();
            row.get("texts").forEach(index -> kept.add(texts.get(index.intValue())));
            differences.add(row.get("score").doubleValue(), VendiScore.of(kept, row.get("order").intValue(), 5000), 1e-6,
                    row.get("kind") + ", order " + row.get("order") + ", " + kept.size() + " texts");
        }
        differences.check(30);
    }

    @Test
    void itCountsTextsThatHaveNothingInCommon() {
        assertEquals(1, VendiScore.of(List.of("a b c d", "a b c d", "a b c d"), 4, 10), 1e-12);
        assertEquals(3, VendiScore.of(List.of("a b c d", "e f", "g"), 4, 10), 1e-12);
        assertEquals(1, VendiScore.of(List.of("yes", "yes"), 4, 10), 1e-12);
        assertEquals(2, VendiScore.of(List.of("", " ", "yes", "yes"), 4, 10), 1e-12);
        assertEquals(1, VendiScore.of(List.of("one"), 4, 10), 1e-12);
        assertTrue(Double.isNaN(VendiScore.of(List.of(), 4, 10)));
    }

    @Test
    void ofALargeSetTheSameSampleIsScored() {
        List<String> texts = IntStream.range(0, 50).mapToObj(i -> "w" + i).toList();
        assertEquals(10, VendiScore.of(texts, 4, 10), 1e-9);
        List<String> twice = new ArrayList<>(texts);
        twice.addAll(Collections.nCopies(50, "same"));
        double score = VendiScore.of(twice, 4, 40);
        assertEquals(score, VendiScore.of(twice, 4, 40));
        assertTrue(score > 5 && score < 35, "both halves are drawn from: " + score);
    }

    @Test
    void eigenvaluesAreThoseTheMatrixWasMadeOf() {
        SplittableRandom random = Streams.of("eigenvalues", 1);
        for (int n : new int[] {1, 2, 3, 10, 60}) {
            double[] expected = random.doubles(n, -1, 1).sorted().toArray();
            expected[0] = expected[n - 1]; // twice
            Arrays.sort(expected);
            double[][] matrix = new double[n][n];
            for (int i = 0; i < n; i++) {
                matrix[i][i] = expected[i];
            }
            for (int rotation = 0; rotation < 20 * n; rotation++) {
                rotate(matrix, random.nextInt(n), random.nextInt(n), random.nextDouble(7));
            }
            double[] found = SymmetricEigenvalues.of(matrix);
            Arrays.sort(found);
            assertArrayEquals(expected, found, 1e-12);
        }
    }

    private static void rotate(double[][] a, int p, int q, double angle) {
        if (p == q) {
            return;
        }
        double c = Math.cos(angle);
        double s = Math.sin(angle);
        for (double[] row : a) {
            double x = row[p];
            row[p] = c * x - s * row[q];
            row[q] = s * x + c * row[q];
        }
        for (int k = 0; k < a.length; k++) {
            double x = a[p][k];
            a[p][k] = c * x - s * a[q][k];
            a[q][k] = s * x + c * a[q][k];
        }
    }
}
