package io.softq4j.data.step;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.tokens.Segment;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import org.datavec.api.writable.Writable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FiltersTest {

    @TempDir
    Path home;

    @Test
    void anExactDuplicateDiffersInNoCharacter() {
        ExactDuplicates filter = new ExactDuplicates();
        assertFalse(filter.removeExample(row("one")));
        assertFalse(filter.removeExample(row("one ")));
        assertTrue(filter.removeExample(row("one")));
        filter.forget();
        assertFalse(filter.removeExample(row("one")));
    }

    @Test
    void aNearDuplicateIsOneByItsRunsOfWords() {
        NearDuplicates filter = new NearDuplicates(0.8);
        String text = words(new Random(1), 200);
        assertFalse(filter.removeExample(row(text)));
        assertTrue(filter.removeExample(row(text.toUpperCase(Locale.ROOT) + "!")));
        assertTrue(filter.removeExample(row(text.replaceFirst("[a-z]+ ", "other "))));
        assertFalse(filter.removeExample(row(words(new Random(2), 200))));
    }

    @Test
    void textsWithoutWordsAreNearNoOther() {
        NearDuplicates filter = new NearDuplicates(0.8);
        for (String text : List.of("+-", "*/", "!!", "!!")) {
            assertFalse(filter.removeExample(row(text)));
        }
    }

    @Test
    void theEstimateIsNearJaccardsIndex() {
        Random random = new Random(3);
        NearDuplicates filter = new NearDuplicates(0.5);
        for (int trial = 0; trial < 40; trial++) {
            String[] words = words(random, 300).split(" ");
            int changed = random.nextInt(60);
            String[] other = words.clone();
            for (int i = 0; i < changed; i++) {
                other[random.nextInt(other.length)] = "w" + random.nextInt(1_000_000);
            }
            Set<Long> a = grams(String.join(" ", words));
            Set<Long> b = grams(String.join(" ", other));
            Set<Long> both = new HashSet<>(a);
            both.retainAll(b);
            Set<Long> any = new HashSet<>(a);
            any.addAll(b);
            double jaccard = (double) both.size() / any.size();
            int[] x = filter.signature(row(String.join(" ", words)));
            int[] y = filter.signature(row(String.join(" ", other)));
            double estimate = 0;
            for (int h = 0; h < x.length; h++) {
                estimate += x[h] == y[h] ? 1.0 / x.length : 0;
            }
            // four standard errors of a share of 128
            assertEquals(jaccard, estimate, 4 * Math.sqrt(jaccard * (1 - jaccard) / x.length) + 0.02);
        }
    }

    @Test
    void pairsAboveTheThresholdAreFoundAmongMany() {
        Random random = new Random(4);
        NearDuplicates filter = new NearDuplicates(0.7);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            texts.add(words(random, 60));
            assertFalse(filter.removeExample(row(texts.get(i))), "all are different");
        }
        for (int i = 0; i < 2000; i += 10) {
            assertTrue(filter.removeExample(row(texts.get(i) + " and more")));
        }
    }

    @Test
    void aRowThatSharesARunOfWordsWithTheEvaluationIsContaminated() throws Exception {
        String question = "Natalia sold clips to 48 of her friends in April and then she sold half as many in May";
        OverlapFilter.writeGrams(List.of(question, "short text"), 8, home.resolve("grams"));
        OverlapFilter filter = new OverlapFilter("grams", 8);
        filter.bind(home);
        assertTrue(filter.removeExample(row("As I heard: NATALIA sold clips, to 48 of her friends - in april!")));
        assertFalse(filter.removeExample(row("Natalia sold clips to 48 of my friends in April and left")));
        assertFalse(filter.removeExample(row("nothing of the sort stands here, not at all and never did")));
        assertTrue(filter.removeExample(row("Short text!")), "a text with fewer words is one run");
    }

    @Test
    void hashesAreTheSameOnEveryMachine() {
        // as they were when splits and stores were first made with them
        assertEquals(5197578548964807871L, Hashes.of(new byte[0], 0));
        assertArrayEquals(Words.grams("One, two three", 2), Words.grams("one TWO\n three", 2));
        assertEquals(0, Words.grams("!?", 3).length);
    }

    @Test
    void valuesBetweenStepsAreWrittenAndReadBack() throws Exception {
        for (Writable value : List.of(new SegmentsWritable(List.of(new Segment("é😀", false), new Segment("", true))),
                new ExampleWritable(new io.softq4j.tokens.Example(new int[] {3, 70000}, new boolean[] {false, true})))) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            value.write(new DataOutputStream(bytes));
            Writable read = value.getClass().getConstructor().newInstance();
            read.readFields(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
            assertEquals(value, read);
        }
    }

    private static Set<Long> grams(String text) {
        Set<Long> grams = new HashSet<>();
        for (long gram : Words.grams(text, NearDuplicates.SHINGLE)) {
            grams.add(gram);
        }
        return grams;
    }

    private static String words(Random random, int n) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < n; i++) {
            text.append(i == 0 ? "" : " ").append("abcdefghijklmnop".charAt(random.nextInt(16))).append("abcdefghijklmnop".charAt(random.nextInt(16)))
                    .append("abcdefghijklmnop".charAt(random.nextInt(16)));
        }
        return text.toString();
    }

    private static List<Writable> row(String text) {
        return List.of(new SegmentsWritable(List.of(new Segment(text, false))));
    }
}
