package io.softq4j.training.rows;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.common.StoppingStrategy;
import io.softq4j.common.UserError;
import io.softq4j.model.EncoderDecoderTokens;
import io.softq4j.objective.Batch;
import io.softq4j.tokens.Example;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InterleavedTest {

    private static final int EOS = 9;
    private static final RowSettings PLAIN = new RowSettings(2, 6, false, 8, 4, 3);
    private static final RowSettings PACKED = new RowSettings(2, 6, true, 8, 4, 3);

    /** By weights 5, 2 and 1; the last is smaller than a step. */
    private static final List<Interleaved.Store> STORES = List.of(store("large", 5, 0, 400), store("middle", 2, 1000, 37), store("tiny", 1, 2000, 2));

    @Test
    void rowsTakeTurnsByWeightAndThoseOfAStoreComeOnceBeforeAnyComesAgain() {
        Interleaved source = source(STORES, StoppingStrategy.ALL_EXHAUSTED, PLAIN);
        List<Integer> seen = examples(source, 0, 400);
        for (int from = 0; from < seen.size(); from += 8) {
            List<Integer> eight = seen.subList(from, from + 8);
            assertEquals(List.of(5L, 2L, 1L), List.of(count(eight, 0, 1000), count(eight, 1000, 2000), count(eight, 2000, 3000)));
        }
        List<Integer> middle = seen.stream().filter(i -> i >= 1000 && i < 2000).toList();
        for (int pass = 0; pass + 1 < middle.size() / 37; pass++) {
            assertEquals(37, new TreeSet<>(middle.subList(37 * pass, 37 * pass + 37)).size());
        }
        assertNotEquals(middle.subList(0, 37), middle.subList(37, 74), "each pass has an order of its own");
        assertEquals(List.of("large: weight 5.0, 1,500 of 2,400 rows (62.5 %), its 400 rows 3.75 times",
                "middle: weight 2.0, 600 of 2,400 rows (25.0 %), its 37 rows 16.22 times",
                "tiny: weight 1.0, 300 of 2,400 rows (12.5 %), its 2 rows 150.00 times"), source.seen(400));
    }

    /** Of large there are 400 rows, five of every eight; of tiny two, one of every eight. */
    @Test
    void anEpochEndsWithTheFirstStoreOrWithTheLast() {
        Interleaved all = source(STORES, StoppingStrategy.ALL_EXHAUSTED, PLAIN);
        assertEquals((400 / 5 * 8 + 5) / 6, all.stepsPerEpoch());
        Set<Integer> seen = new TreeSet<>(examples(all, 0, all.stepsPerEpoch()));
        assertEquals(439, seen.size(), "all of all");
        assertEquals(3, source(STORES, StoppingStrategy.FIRST_EXHAUSTED, PLAIN).stepsPerEpoch());
        assertEquals(examples(all, 0, 50), examples(source(STORES, StoppingStrategy.FIRST_EXHAUSTED, PLAIN), 0, 50), "nothing begins again with it");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aStepIsTheSameFromWhereverItIsReached(boolean packing) {
        RowSettings settings = packing ? PACKED : PLAIN;
        Interleaved inOrder = source(STORES, StoppingStrategy.ALL_EXHAUSTED, settings);
        for (long step = 0; step < 200; step++) {
            List<Batch> expected = inOrder.step(step);
            assertEquals(3, expected.size());
            if (step % 37 == 5) {
                assertSame(expected, source(STORES, StoppingStrategy.ALL_EXHAUSTED, settings).step(step));
                inOrder.step(step / 2);
                assertSame(expected, inOrder.step(step));
            }
        }
    }

    @Test
    void rowsArePackedWithinTheirStore() {
        Interleaved packed = source(STORES, StoppingStrategy.ALL_EXHAUSTED, PACKED);
        long examples = 0;
        for (long step = 0; step < 30; step++) {
            for (Batch batch : packed.step(step)) {
                assertEquals(8, batch.length());
                for (int row = 0; row < batch.rows(); row++) {
                    Set<Integer> stores = new TreeSet<>();
                    for (int t = 0; t < 8; t++) {
                        boolean begins = batch.segmentIds()[8 * row + t] != 0 && batch.positionIds()[8 * row + t] == 0;
                        examples += begins ? 1 : 0;
                        if (begins) {
                            stores.add(batch.inputIds()[8 * row + t]);
                        }
                    }
                    assertEquals(1, stores.size(), "the first token tells the store");
                }
            }
        }
        assertTrue(examples > 30 * 6 * 1.5, examples + " examples in 180 rows");
        SlotUse.Packed use = (SlotUse.Packed) packed.summary().slots();
        assertEquals(439, use.examples());
        assertEquals(packed.summary().tokens(), use.tokens());
    }

    @Test
    void promptsGoToAnEncoder() {
        Collator collator = new Collator(EOS, 8, Integer.MAX_VALUE, 4, false, Optional.of(new EncoderDecoderTokens(EOS, 0, 0)));
        Interleaved source = Interleaved.of(STORES, StoppingStrategy.ALL_EXHAUSTED, collator, PLAIN);
        for (Batch batch : source.step(11)) {
            assertTrue(batch.source().isPresent());
            assertEquals(0, batch.inputIds()[0], "the decoder's start");
        }
        assertTrue(((SlotUse.Padded) source.summary().slots()).packed().isEmpty());
    }

    @Test
    void theSlotsCountedAreThoseOfTheBatchesOfTheFirstEpoch() {
        Interleaved source = source(STORES, StoppingStrategy.ALL_EXHAUSTED, PLAIN);
        long slots = 0;
        long tokens = 0;
        for (long step = 0; step < source.stepsPerEpoch(); step++) {
            for (Batch batch : source.step(step)) {
                slots += (long) batch.rows() * batch.length();
                tokens += batch.tokens();
            }
        }
        assertEquals((double) tokens / slots, source.summary().slots().used());
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
    void aWeightThatIsNoShareIsRefused(double weight) {
        String message = assertThrows(UserError.class, () -> store("chat", weight, 0, 1)).getMessage();
        assertEquals("chat has the weight " + weight + "; a weight is a number above 0, relative to the others. Leave the data out if nothing is to be "
                + "learned from them.", message);
    }

    @Test
    void anEpochWithoutEndIsRefusedAndOneThatEndsWithTheFirstStoreIsNot() {
        List<Interleaved.Store> stores = List.of(store("a", 1e12, 0, 3), store("b", 1, 1000, 3));
        String message = assertThrows(UserError.class, () -> source(stores, StoppingStrategy.ALL_EXHAUSTED, PLAIN)).getMessage();
        assertTrue(message.startsWith("an epoch would have 3.00e+12 rows, 1e+09 at most: b has 3 rows and the weight 1.0. Raise its weight"), message);
        assertEquals(1, source(stores, StoppingStrategy.FIRST_EXHAUSTED, PLAIN).stepsPerEpoch());
    }

    @Test
    void whatIsWrongWithTheExamplesOfAStoreIsSaidByItsName() {
        Interleaved.Store long9 = new Interleaved.Store("long", 1, ExampleSource.of(List.of(example(7, 14), example(7, 4))));
        Interleaved source = source(List.of(STORES.get(2), long9), StoppingStrategy.ALL_EXHAUSTED, PLAIN);
        assertEquals(List.of("long: 1 of 2 examples are longer than max_length 8 and are cut (first: [0])"), source.warnings());
        assertEquals(List.of(2L), source.summary().firstCut());
        Interleaved.Store empty = new Interleaved.Store("none", 1, ExampleSource.of(List.of()));
        assertTrue(assertThrows(UserError.class, () -> source(List.of(STORES.get(2), empty), StoppingStrategy.ALL_EXHAUSTED, PLAIN)).getMessage()
                .startsWith("the training data none has no examples."));
    }

    private static Interleaved source(List<Interleaved.Store> stores, StoppingStrategy end, RowSettings settings) {
        return Interleaved.of(stores, end, new Collator(EOS, 8, 4, settings.packing()), settings);
    }

    /** Examples of 3 to 6 tokens; the first is the store's, the second and third are the index. */
    private static Interleaved.Store store(String name, double weight, int from, int n) {
        return new Interleaved.Store(name, weight, ExampleSource.of(IntStream.range(from, from + n).mapToObj(i -> example(i, 3 + i % 4)).toList()));
    }

    private static Example example(int index, int length) {
        int[] ids = new int[length];
        Arrays.fill(ids, 8);
        ids[0] = index / 1000 + 1;
        ids[1] = 10 + index;
        ids[length - 1] = EOS;
        boolean[] response = new boolean[length];
        Arrays.fill(response, 2, length, true);
        return new Example(ids, response);
    }

    /** Indices of the examples of steps, in their order. */
    private static List<Integer> examples(Interleaved source, long first, long end) {
        List<Integer> seen = new ArrayList<>();
        for (long step = first; step < end; step++) {
            for (Batch batch : source.step(step)) {
                for (int row = 0; row < batch.rows(); row++) {
                    seen.add(batch.inputIds()[row * batch.length() + 1] - 10);
                }
            }
        }
        return seen;
    }

    private static long count(List<Integer> examples, int from, int to) {
        return examples.stream().filter(i -> i >= from && i < to).count();
    }

    private static void assertSame(List<Batch> expected, List<Batch> seen) {
        assertEquals(expected.size(), seen.size());
        for (int i = 0; i < expected.size(); i++) {
            assertArrayEquals(expected.get(i).inputIds(), seen.get(i).inputIds());
            assertArrayEquals(expected.get(i).nllMask(), seen.get(i).nllMask());
            assertArrayEquals(expected.get(i).segmentIds(), seen.get(i).segmentIds());
        }
    }
}
