package io.softq4j.generation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.softq4j.common.UserError;
import io.softq4j.graph.Lowering;
import io.softq4j.model.LanguageModel;
import io.softq4j.model.Models;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The caches against the model run anew over each whole sequence. */
class DecoderSessionTest {

    private static final int[][] RAGGED = {{3, 1, 4, 1, 5, 9, 2}, {8}, {2, 7, 1}};

    /** Feeds what is not cached yet of the ids, as long as there is some in any of the rows. */
    private static void feed(DecodingSession session, int[][] ids) {
        boolean more = true;
        while (more) {
            more = false;
            for (int row = 0; row < ids.length; row++) {
                if (session.length(row) < ids[row].length) {
                    session.feed(row, ids[row][session.length(row)]);
                    more = true;
                }
            }
            session.step();
        }
    }

    private static void assertLogits(LanguageModel model, int[] ids, DecodingSession session, int row) {
        float[] seen = new float[session.vocabulary()];
        session.logits(row, seen);
        double[] expected = Models.logits(model.graph(), ids, 0, 0)[ids.length - 1];
        double sum = Math.log(Arrays.stream(expected).map(Math::exp).sum());
        for (int v = 0; v < seen.length; v++) {
            assertEquals(expected[v], seen[v], 1e-5, "row " + row + ", token " + v);
        }
        assertEquals(sum, session.logSumExp(row), 1e-5);
        assertEquals(-Arrays.stream(expected).map(z -> Math.exp(z - sum) * (z - sum)).sum(), session.entropy(row), 1e-5);
    }

    @ParameterizedTest
    @EnumSource(Lowering.class)
    void eachRowOfARaggedBatchGivesTheLogitsOfItsSequenceAlone(Lowering lowering) {
        LanguageModel model = Models.tiny();
        try (DecodingSession session = DecodingSession.of(model, 16, 3, lowering)) {
            for (int row = 0; row < 3; row++) {
                session.start(row, RAGGED[row]);
            }
            for (int t = 0; t < 7; t++) {
                for (int row = 0; row < 3; row++) {
                    if (t < RAGGED[row].length) {
                        session.feed(row, RAGGED[row][t]);
                    }
                }
                session.step();
                for (int row = 0; row < 3; row++) {
                    if (t < RAGGED[row].length) {
                        assertLogits(model, Arrays.copyOf(RAGGED[row], t + 1), session, row);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Lowering.class)
    void aCopiedRowGoesOnAsItsSourceAndLeavesItAlone(Lowering lowering) {
        LanguageModel model = Models.tiny();
        try (DecodingSession session = DecodingSession.of(model, 16, 3, lowering)) {
            for (int row = 0; row < 3; row++) {
                session.start(row, RAGGED[row]);
            }
            feed(session, RAGGED);
            session.copy(0, 2); // to a row that holds other tokens
            assertEquals(7, session.length(2));
            int[][] longer = {append(RAGGED[0], 6, 6), append(RAGGED[1], 3), append(RAGGED[0], 10, 0, 4)};
            feed(session, longer);
            int[][] again = {append(longer[0], 1), append(longer[1], 1), append(longer[2], 1)};
            for (int row = 0; row < 3; row++) {
                session.feed(row, 1);
            }
            session.step();
            for (int row = 0; row < 3; row++) {
                assertLogits(model, again[row], session, row);
            }
            session.copy(2, 0); // back, over what both share and what differs
            session.feed(0, 5);
            session.step();
            assertLogits(model, append(again[2], 5), session, 0);
        }
    }

    private static int[] append(int[] ids, int... more) {
        int[] longer = Arrays.copyOf(ids, ids.length + more.length);
        System.arraycopy(more, 0, longer, ids.length, more.length);
        return longer;
    }

    @ParameterizedTest
    @EnumSource(Lowering.class)
    void whatACacheHoldsOfASequenceIsNotReadAgain(Lowering lowering) {
        LanguageModel model = Models.tiny();
        try (DecodingSession session = DecodingSession.of(model, 16, 3, lowering)) {
            session.start(0, RAGGED[0]);
            feed(session, new int[][] {RAGGED[0]});
            int[][] next = {{3, 1, 4, 1, 6}, {3, 1, 4, 1, 5, 9, 2, 8, 8}, {3, 1, 4, 1, 5, 9, 2}};
            assertArrayEquals(next[1], session.start(1, next[1]));
            assertEquals(7, session.length(1), "from another row");
            session.start(0, next[0]);
            assertEquals(4, session.length(0), "what both begin with");
            session.start(2, next[2]);
            assertEquals(6, session.length(2), "the last token is always read: it predicts the next");
            feed(session, new int[][] {append(next[0], 2), append(next[1], 2), append(next[2], 2)});
            for (int row = 0; row < 3; row++) {
                session.feed(row, 4);
            }
            session.step();
            for (int row = 0; row < 3; row++) {
                assertLogits(model, append(next[row], 2, 4), session, row);
            }
        }
    }

    @Test
    void promptsWithoutRoomAreRefused() {
        try (DecodingSession session = DecodingSession.of(Models.tiny(), 16, 1)) {
            assertEquals("prompt 2 has 16 tokens, there is room for 16 with at least one new token (n_positions of the model is 16): "
                    + "shorten it, or use a model with a longer context",
                    assertThrows(UserError.class, () -> session.requireRoom("prompt 2", new int[16])).getMessage());
            assertEquals("prompt 1 is empty: it has no token to continue from",
                    assertThrows(UserError.class, () -> session.requireRoom("prompt 1", new int[0])).getMessage());
        }
    }

    /** Caches of the tiny model have 12 numbers a token; 2^31 - 1 bytes hold those of 2796202 rows. */
    @Test
    void cachesThatNoArrayHoldsAreRefusedWithWhatFits() {
        assertEquals("a cache of keys or values for 5000000 sequences side by side, of 16 positions each, would have 5000000 x 768 bytes; "
                + "an array "
                + "may have 2147483647. Set generation.batch_size, and generation.num_beams if it is more, to 2796202 at most, or lower "
                + "generation.max_new_tokens.",
                assertThrows(UserError.class, () -> DecodingSession.of(Models.tiny(), 16, 5_000_000)).getMessage());
    }

    @Test
    void promptAndContinuationShareTheCapacityAndTheContextEndsIt() {
        assertEquals(12, DecodingSession.capacity(Models.tiny(), 5, 7));
        assertEquals(16, DecodingSession.capacity(Models.tiny(), 5, Integer.MAX_VALUE));
    }

    @Test
    void aCapacityBeyondTheContextIsRefused() {
        assertEquals("capacity 17 exceeds n_positions 16",
                assertThrows(IllegalArgumentException.class, () -> DecodingSession.of(Models.tiny(), 17, 1)).getMessage());
    }
}
