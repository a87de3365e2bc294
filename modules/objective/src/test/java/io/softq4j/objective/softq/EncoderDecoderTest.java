package io.softq4j.objective.softq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.softq4j.graph.Lowering;
import io.softq4j.graph.plan.Parameters.Slot;
import io.softq4j.model.LanguageModel;
import io.softq4j.model.T5Config;
import io.softq4j.model.T5FeedForward;
import io.softq4j.objective.Batch;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The objective on models whose prompts go to an encoder. */
class EncoderDecoderTest {

    private static final T5Config TINY = T5Config.defaults().with(c -> c.vocabSize(11).dModel(8).dKv(4).dFf(12).numLayers(2)
            .numDecoderLayers(1).numHeads(2).relativeAttentionNumBuckets(8).relativeAttentionMaxDistance(16)
            .feedForwardProj(T5FeedForward.GATED_GELU).initializerFactor(0.3));
    private static final Batch BATCH = batch(0, 0);

    /** Two rows of three and two decoder tokens, for sources of five and two; {@code more} padding on the right of rows and of sources. */
    private static Batch batch(int more, int moreSource) {
        int length = 3 + more;
        int sourceLength = 5 + moreSource;
        return new Batch(2, length, rows(length, new int[][] {{0, 3, 4}, {0, 7}}), rows(length, new int[][] {{0, 1, 2}, {0, 1}}),
                rows(length, new int[][] {{1, 1, 1}, {1, 1}}), rows(length, new int[][] {{3, 4, 1}, {7, 0}}),
                floats(rows(length, new int[][] {{1, 1, 1}, {1, 0}})), floats(rows(length, new int[][] {{1, 1, 1}, {1, 0}})),
                floats(rows(length, new int[][] {{1, 1, 0}, {1, 1}})),
                Optional.of(new Batch.Source(sourceLength, rows(sourceLength, new int[][] {{5, 6, 7, 8, 1}, {9, 1}}),
                        rows(sourceLength, new int[][] {{0, 1, 2, 3, 4}, {0, 1}}), rows(sourceLength, new int[][] {{1, 1, 1, 1, 1}, {1, 1}}))));
    }

    private static int[] rows(int length, int[][] values) {
        int[] all = new int[values.length * length];
        for (int row = 0; row < values.length; row++) {
            System.arraycopy(values[row], 0, all, row * length, values[row].length);
        }
        return all;
    }

    private static float[] floats(int[] values) {
        float[] all = new float[values.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = values[i];
        }
        return all;
    }

    @ParameterizedTest
    @EnumSource(Lowering.class)
    void theGradientIsThatOfTheLoss(Lowering lowering) {
        try (LanguageModel model = LanguageModel.create(TINY, 3, lowering); SoftQ objective = new SoftQ(model.graph(), SoftQConfig.defaults())) {
            objective.accumulateAt(BATCH, BATCH.counts(), 0.5);
            for (Slot slot : objective.parameters().slots()) {
                int at = slot.size() / 2;
                double slope = (loss(objective, slot, at, 1e-2f) - loss(objective, slot, at, -1e-2f)) / 2e-2;
                assertEquals(slope, slot.gradients().get(at), 2e-3 * Math.max(1, Math.abs(slope)), slot.name());
            }
        }
    }

    private static double loss(SoftQ objective, Slot slot, int at, float step) {
        float value = slot.values().get(at);
        slot.values().put(at, value + step);
        double loss = objective.evaluate(BATCH).loss(0.5);
        slot.values().put(at, value);
        return loss;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void paddingOfRowsAndOfSourcesChangesNothing(boolean gradientCheckpointing) {
        try (LanguageModel model = LanguageModel.create(TINY, 3, Lowering.FUSED);
                SoftQ objective = new SoftQ(model.graph(), SoftQConfig.defaults(), gradientCheckpointing)) {
            LossSums sums = objective.accumulateAt(BATCH, BATCH.counts(), 0.5);
            List<float[]> gradients = gradients(objective);
            objective.parameters().zeroGradients();
            LossSums padded = objective.accumulateAt(batch(4, 6), BATCH.counts(), 0.5);
            assertEquals(sums.loss(0.5), padded.loss(0.5), 1e-6);
            List<float[]> paddedGradients = gradients(objective);
            for (int i = 0; i < gradients.size(); i++) {
                for (int k = 0; k < gradients.get(i).length; k++) {
                    assertEquals(gradients.get(i)[k], paddedGradients.get(i)[k], 1e-5, objective.parameters().slots().get(i).name());
                }
            }
        }
    }

    private static List<float[]> gradients(SoftQ objective) {
        return objective.parameters().slots().stream().map(slot -> {
            float[] values = new float[slot.size()];
            slot.gradients().get(0, values);
            return values;
        }).toList();
    }

    @Test
    void aBatchWithoutASourceIsRefused() {
        try (LanguageModel model = LanguageModel.create(TINY, 3, Lowering.FUSED); SoftQ objective = new SoftQ(model.graph(), SoftQConfig.defaults())) {
            Batch alone = new Batch(1, 1, new int[1], new int[1], new int[] {1}, new int[1], new float[1], new float[1], new float[1]);
            assertEquals("the model has an encoder, the batch no source for it",
                    assertThrows(IllegalArgumentException.class, () -> objective.evaluate(alone)).getMessage());
        }
    }
}
