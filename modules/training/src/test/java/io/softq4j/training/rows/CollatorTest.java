package io.softq4j.training.rows;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.common.UserError;
import io.softq4j.model.EncoderDecoderTokens;
import io.softq4j.objective.Batch;
import io.softq4j.objective.BatchShape;
import io.softq4j.objective.Counts;
import io.softq4j.tokens.Example;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

public class CollatorTest {

    private static final int EOS = 9;
    private static final Collator PLAIN = new Collator(EOS, 64, 4, false);
    /** What closes a source is not what ends a response. */
    private static final Optional<EncoderDecoderTokens> TOKENS = Optional.of(new EncoderDecoderTokens(8, 0, 0));

    @Test
    void aCompleteResponseHasARowForEachTokenButEos() {
        Batch b = PLAIN.collate(each(example("1 2 | 3 4 9")));
        assertEquals(1, b.rows());
        assertEquals(4, b.length());
        assertArrayEquals(new int[] {1, 2, 3, 4}, b.inputIds());
        assertArrayEquals(new int[] {2, 3, 4, EOS}, b.targets());
        assertArrayEquals(new int[] {0, 1, 2, 3}, b.positionIds());
        assertArrayEquals(new int[] {1, 1, 1, 1}, b.segmentIds());
        assertArrayEquals(new float[] {0, 1, 1, 1}, b.nllMask());
        assertArrayEquals(new float[] {0, 1, 1, 1}, b.tdMask());
        assertArrayEquals(new float[] {1, 1, 1, 0}, b.continues());
    }

    @Test
    void theLastTokenOfACutResponseIsARowToBootstrapFrom() {
        Batch b = PLAIN.collate(each(example("1 2 | 3 4")));
        assertArrayEquals(new int[] {1, 2, 3, 4}, b.inputIds());
        assertArrayEquals(new int[] {1, 1, 1, 1}, b.segmentIds());
        assertArrayEquals(new float[] {0, 1, 1, 0}, b.nllMask());
        assertArrayEquals(new float[] {0, 1, 1, 0}, b.tdMask(), "the last target's residual reads V of the last row");
        assertArrayEquals(new float[] {1, 1, 1, 1}, b.continues(), "a time limit is not a terminal state");
    }

    @Test
    void eosInsideAPromptEndsNothing() {
        Batch b = PLAIN.collate(each(example("9 1 9 | 2 3 9")));
        assertArrayEquals(new int[] {9, 1, 9, 2, 3}, prefix(b.inputIds(), 5));
        assertArrayEquals(new int[] {1, 9, 2, 3, 9}, prefix(b.targets(), 5));
        assertArrayEquals(new float[] {0, 0, 1, 1, 1, 0, 0, 0}, b.nllMask());
        assertArrayEquals(new float[] {1, 1, 1, 1, 0, 1, 1, 1}, b.continues());
    }

    @Test
    void everyAnswerOfAConversationIsAnEpisodeWhateverFollowsItsEnd() {
        Batch b = PLAIN.collate(each(example("1 | 2 9 | 3 | 4 5 9 | 6 9")));
        assertArrayEquals(new int[] {1, 2, 9, 3, 4, 5, 9, 6}, b.inputIds());
        assertArrayEquals(new float[] {1, 1, 0, 1, 1, 1, 0, 0}, b.nllMask());
        assertArrayEquals(new float[] {1, 1, 0, 1, 1, 1, 0, 0}, b.tdMask(), "the residual of an end counts, that of a user's turn does not");
        assertArrayEquals(new float[] {1, 0, 1, 1, 1, 0, 1, 1}, b.continues());
        Batch directly = PLAIN.collate(each(example("1 | 2 9 3 9")));
        assertArrayEquals(new float[] {1, 1, 1, 1}, directly.tdMask(), "one answer right after another");
        assertArrayEquals(new float[] {1, 0, 1, 0}, directly.continues());
    }

    @Test
    void aConversationCutAtTheEndOfAnAnswerStillEndsThatAnswer() {
        Batch b = new Collator(EOS, 4, 4, false).collate(each(example("1 | 2 3 4 9 | 5 | 6 9")));
        assertArrayEquals(new int[] {1, 2, 3, 4}, b.inputIds());
        assertArrayEquals(new float[] {1, 1, 1, 1}, b.tdMask());
        assertArrayEquals(new float[] {1, 1, 1, 0}, b.continues());
    }

    @Test
    void aDecoderEndsEveryAnswerToo() {
        Batch b = new Collator(EOS, 64, Integer.MAX_VALUE, 4, false, TOKENS).collate(each(example("1 2 | 3 9 | 4 | 5 9")));
        assertArrayEquals(new int[] {0, 3, 9, 4, 5, 0, 0, 0}, b.inputIds());
        assertArrayEquals(new float[] {1, 1, 0, 1, 1, 0, 0, 0}, b.tdMask());
        assertArrayEquals(new float[] {1, 0, 1, 1, 0, 1, 1, 1}, b.continues());
    }

    @Test
    void paddingIsOnTheRightAndCountsNowhereWhateverIdPaddingHas() {
        Batch alone = PLAIN.collate(each(example("1 | 2 9")));
        Batch padded = PLAIN.collate(each(example("1 | 2 9"), example("1 2 3 4 5 | 6 7 8")));
        assertEquals(4, alone.length());
        assertEquals(8, padded.length());
        assertArrayEquals(new int[] {1, 1, 0, 0}, alone.segmentIds());
        assertArrayEquals(new int[] {1, 1, 0, 0, 0, 0, 0, 0}, prefix(padded.segmentIds(), 8));
        assertEquals(new Counts(2, 2), alone.counts(), "EOS is trained though padding may have its id");
        assertEquals(new Counts(2 + 3, 2 + 3), padded.counts());
        assertEquals(10, padded.tokens());
    }

    @Test
    void lengthsAreRoundedUpToTheBucketButNotAboveTheLongestRow() {
        assertEquals(16, new Collator(EOS, 30, 16, false).collate(each(of(5, 5))).length());
        assertEquals(16, new Collator(EOS, 30, 16, false).collate(each(of(16, 5))).length());
        assertEquals(30, new Collator(EOS, 30, 16, false).collate(each(of(17, 5))).length());
    }

    @Test
    void theResidualWhoseNextRowIsCutOffIsMaskedAndItsTokenIsStillLearned() {
        Collator four = new Collator(EOS, 4, 4, false);
        Batch b = four.collate(each(example("1 | 2 3 4 5 6 9")));
        assertArrayEquals(new int[] {1, 2, 3, 4}, b.inputIds());
        assertArrayEquals(new float[] {1, 1, 1, 1}, b.nllMask());
        assertArrayEquals(new float[] {1, 1, 1, 0}, b.tdMask());
        assertArrayEquals(new float[] {1, 1, 1, 1}, b.continues());
        assertEquals(true, four.cuts(example("1 | 2 3 4 9 9")));
        assertEquals(false, four.cuts(example("1 | 2 3 4 9")), "EOS needs no row");
    }

    @Test
    void anExampleHasAsManyTokensAsItMayAndOneMoreIsCutAndCounted() {
        Collator five = new Collator(EOS, 64, 5, 4, false, Optional.empty());
        Example whole = example("1 2 | 3 4 9");
        assertFalse(five.cuts(whole));
        assertEquals(3, five.scored(whole));
        Example longer = example("1 2 | 3 4 5 9");
        assertTrue(five.cuts(longer));
        assertEquals(3, five.scored(longer), "5 is the last that is learned, EOS is beyond");
        Batch b = five.collate(each(longer));
        Batch same = five.collate(each(example("1 2 | 3 4 5")));
        assertArrayEquals(same.inputIds(), b.inputIds());
        assertArrayEquals(same.targets(), b.targets());
        assertArrayEquals(same.nllMask(), b.nllMask());
        assertArrayEquals(same.tdMask(), b.tdMask());
    }

    @Test
    void theValueOfAPromptRowIsNeverReadAsNextOfAnAnswerThatDoesNotEnd() {
        boolean[] response = {false, true, true, false, false, true, true};
        Batch b = PLAIN.collate(each(new Example(new int[] {1, 2, 3, 4, 5, 6, EOS}, response)));
        assertArrayEquals(new float[] {1, 1, 0, 0, 1, 1, 0, 0}, b.nllMask());
        assertArrayEquals(new float[] {1, 0, 0, 0, 1, 1, 0, 0}, b.tdMask());
    }

    @Test
    void packedExamplesHaveTheirOwnSegmentsPositionsAndEnds() {
        Batch b = new Collator(EOS, 8, 4, true).collate(List.of(
                List.of(example("1 2 | 3 4 5"), example("1 | 2 9")), List.of(example("4 | 5 6 7 9"))));
        assertEquals(2, b.rows());
        assertEquals(8, b.length());
        assertArrayEquals(new int[] {1, 2, 3, 4, 5, 1, 2, 0, 4, 5, 6, 7, 0, 0, 0, 0}, b.inputIds());
        assertArrayEquals(new int[] {1, 1, 1, 1, 1, 2, 2, 0, 1, 1, 1, 1, 0, 0, 0, 0}, b.segmentIds());
        assertArrayEquals(new int[] {0, 1, 2, 3, 4, 0, 1, 0, 0, 1, 2, 3, 0, 0, 0, 0}, b.positionIds());
        assertArrayEquals(new float[] {0, 1, 1, 1, 0, 1, 1, 0, 1, 1, 1, 1, 0, 0, 0, 0}, b.tdMask());
        assertArrayEquals(new float[] {1, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 0, 1, 1, 1, 1}, b.continues());
    }

    @Test
    void aPackedBatchHasTheFullLengthHoweverLittleItHolds() {
        assertEquals(30, new Collator(EOS, 30, 16, true).collate(each(of(2, 1))).length());
    }

    @Test
    void aRowThatHoldsMoreThanItHasRoomForIsRefused() {
        Collator eight = new Collator(EOS, 8, 4, true);
        assertEquals("the examples of a row have 9 positions, a row has 8",
                assertThrows(IllegalArgumentException.class, () -> eight.collate(List.of(List.of(of(5, 1), of(4, 1))))).getMessage());
        assertEquals(8, eight.collate(each(of(20, 1))).tokens(), "an example alone is cut");
    }

    @Test
    void theLongestRowIsFoundFromLengthsAndReadsOnlyWhatMayBeLonger() {
        List<Example> examples = List.of(example("1 2 3 | 4 5 6 9"), example("1 | 2 9"), example("1 | 2 3 4"), example("1 2 | 3 4 5 9"));
        List<Long> read = new ArrayList<>();
        ExampleSource source = ExampleSource.of(4, i -> {
            read.add(i);
            return examples.get((int) i);
        }, i -> examples.get((int) i).length());
        assertEquals(6, new Collator(EOS, 64, 2, false).longestRow(source));
        assertEquals(List.of(0L), read);
        assertEquals(64, new Collator(EOS, 64, 2, true).longestRow(source));
        assertEquals(List.of(0L), read, "a packed row has the full length");
        assertEquals(5, new Collator(EOS, 5, 2, false).longestRow(ExampleSource.of(examples)));
    }

    @Test
    void anEncoderReadsThePromptAndItsEndADecoderBeginsWithAnIdOfItsOwn() {
        Collator collator = new Collator(EOS, 64, Integer.MAX_VALUE, 4, false, TOKENS);
        Batch b = collator.collate(each(example("1 2 3 4 | 5 6 9"), example("7 | 6")));
        Batch.Source source = b.source().orElseThrow();
        assertEquals(8, source.length());
        assertArrayEquals(new int[] {1, 2, 3, 4, 8, 0, 0, 0, 7, 8, 0, 0, 0, 0, 0, 0}, source.inputIds());
        assertArrayEquals(new int[] {1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0}, source.segmentIds());
        assertArrayEquals(new int[] {0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7}, source.positionIds());
        assertArrayEquals(new int[] {0, 5, 6, 0, 0, 6, 0, 0}, b.inputIds());
        assertArrayEquals(new int[] {1, 1, 1, 0, 1, 1, 0, 0}, b.segmentIds());
        assertArrayEquals(new int[] {5, 6, EOS, 0, 6, 0, 0, 0}, b.targets());
        assertArrayEquals(new float[] {1, 1, 1, 0, 1, 0, 0, 0}, b.nllMask(), "the first token of a response is learned too");
        assertArrayEquals(new float[] {1, 1, 1, 0, 1, 0, 0, 0}, b.tdMask());
        assertArrayEquals(new float[] {1, 1, 0, 1, 1, 1, 1, 1}, b.continues());
        assertEquals(3 + 2 + 5 + 2, b.tokens());
        assertArrayEquals(new int[] {1, 8, 0, 0}, collator.collate(each(example("1 8 | 5 9"))).source().orElseThrow().inputIds(), "an end is not doubled");
    }

    @Test
    void aSourceThatIsTooLongLosesItsEndAndStillEndsInEos() {
        Collator four = new Collator(EOS, 4, Integer.MAX_VALUE, 4, false, TOKENS);
        Example longPrompt = example("1 2 3 4 5 | 6 9");
        assertArrayEquals(new int[] {1, 2, 3, 8}, four.collate(each(longPrompt)).source().orElseThrow().inputIds());
        assertEquals(true, four.cuts(longPrompt));
        assertEquals(false, four.cuts(example("1 2 3 | 4 5 6 9")), "neither is longer than four alone");
        assertEquals(true, four.cuts(example("1 | 2 3 4 5 9")));
    }

    @Test
    void theLargestBatchHasTheLongestRowAndTheLongestSource() {
        ExampleSource source = ExampleSource.of(List.of(example("1 2 3 4 5 6 | 9"), example("1 | 2 3 4 5"), example("1 | 9")));
        assertEquals(new BatchShape(3, 6, 8), new Collator(EOS, 64, Integer.MAX_VALUE, 2, false, TOKENS).largest(3, source));
        assertEquals(new BatchShape(3, 6, 0), new Collator(EOS, 64, 2, false).largest(3, source));
    }

    @Test
    void packingForAnEncoderIsRefused() {
        assertEquals("packing is true, but the model has an encoder, whose prompts cannot be packed. Set training.packing=false.",
                assertThrows(UserError.class, () -> new Collator(EOS, 64, Integer.MAX_VALUE, 2, true, TOKENS)).getMessage());
    }

    @Test
    void packingChangesNeitherTheTransitionsNorTheirMasks() {
        Random random = new Random(3);
        for (int trial = 0; trial < 200; trial++) {
            List<Example> examples = new ArrayList<>();
            for (int i = random.nextInt(9); i >= 0; i--) {
                examples.add(of(1 + random.nextInt(14), random.nextInt(10), random));
            }
            Batch plain = new Collator(EOS, 12, 4, false).collate(each(examples.toArray(Example[]::new)));
            Batch packed = packed(examples, 12);
            assertEquals(transitions(plain), transitions(packed));
            assertEquals(plain.tokens(), packed.tokens());
            assertEquals(plain.counts(), packed.counts());
        }
    }

    /** No bootstrap leaves its segment: in no batch does d = 1, c = 1 stand before another segment or the end of a row. */
    @Test
    void noResidualReachesAcrossASeam() {
        Random random = new Random(4);
        for (int trial = 0; trial < 200; trial++) {
            List<Example> examples = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                examples.add(of(1 + random.nextInt(14), random.nextInt(10), random));
            }
            Batch b = packed(examples, 12);
            for (int i = 0; i < b.segmentIds().length; i++) {
                boolean seam = (i + 1) % b.length() == 0 || b.segmentIds()[i + 1] != b.segmentIds()[i];
                if (seam && b.continues()[i] == 1) {
                    assertEquals(0f, b.tdMask()[i]);
                }
            }
        }
    }

    private static List<List<Example>> each(Example... examples) {
        return Arrays.stream(examples).map(List::of).toList();
    }

    private static Batch packed(List<Example> examples, int maxLength) {
        Collator collator = new Collator(EOS, maxLength, 4, true);
        Packing packing = Packing.of(examples.stream().mapToInt(collator::kept).toArray(), maxLength);
        ExampleRows rows = new ExampleRows(ExampleSource.of(examples), packing);
        return collator.collate(LongStream.range(0, rows.size()).mapToObj(rows::get).toList());
    }

    private static List<String> transitions(Batch b) {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < b.segmentIds().length; i++) {
            if (b.segmentIds()[i] != 0) {
                String next = b.tdMask()[i] == 1 && b.continues()[i] == 1 ? " then " + b.inputIds()[i + 1] : "";
                all.add(b.positionIds()[i] + ": " + b.inputIds()[i] + " > " + b.targets()[i] + " m" + b.nllMask()[i] + " d" + b.tdMask()[i] + " c"
                        + b.continues()[i] + next);
            }
        }
        all.sort(null);
        return all;
    }

    private static int[] prefix(int[] values, int n) {
        return Arrays.copyOf(values, n);
    }

    private static Example of(int length, int prompt) {
        return of(length, prompt, new Random(1));
    }

    private static Example of(int length, int prompt, Random random) {
        int[] ids = random.ints(length, 0, 10).toArray();
        boolean[] response = new boolean[length];
        for (int i = prompt; i < length; i++) {
            response[i] = true;
        }
        return new Example(ids, response);
    }

    /** Ids of a prompt, its response, a further prompt, and so on, with bars between. */
    public static Example example(String text) {
        String[] parts = text.split("\\|");
        int[] all = ids(text.replace("|", " "));
        boolean[] mask = new boolean[all.length];
        int at = 0;
        for (int i = 0; i < parts.length; i++) {
            int n = ids(parts[i]).length;
            Arrays.fill(mask, at, at + n, i % 2 == 1);
            at += n;
        }
        return new Example(all, mask);
    }

    private static int[] ids(String text) {
        return Arrays.stream(text.trim().split(" +")).mapToInt(Integer::parseInt).toArray();
    }
}
