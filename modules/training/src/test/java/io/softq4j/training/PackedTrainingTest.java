package io.softq4j.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.graph.Lowering;
import io.softq4j.graph.plan.Parameters.Slot;
import io.softq4j.model.Gpt2Config;
import io.softq4j.model.LanguageModel;
import io.softq4j.objective.Batch;
import io.softq4j.objective.Counts;
import io.softq4j.objective.softq.LossSums;
import io.softq4j.objective.softq.SoftQ;
import io.softq4j.objective.softq.SoftQConfig;
import io.softq4j.tokens.Example;
import io.softq4j.training.optim.LrSchedulerType;
import io.softq4j.training.rows.DataPlan;
import io.softq4j.training.rows.DataSummary;
import io.softq4j.training.rows.ExampleSource;
import io.softq4j.training.rows.TrainingData;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A small GPT-2, whose attention would show if packed examples saw each other. */
class PackedTrainingTest {

    private static final double LAMBDA = 0.3;
    private static final int MAX_LENGTH = 24;

    private record Outcome(DataSummary summary, LossSums sums, List<float[]> gradients, int batches) {
    }

    /** All 40 examples as one step, three of them cut, in micro-batches of 3 rows. */
    @Test
    void theSameExamplesPackedGiveTheSameLossAndGradient() {
        Outcome plain = step(false);
        Outcome packed = step(true);
        assertEquals(3, plain.summary.cut());
        assertTrue(packed.batches < 0.7 * plain.batches, packed.batches + " batches, " + plain.batches + " without packing");
        assertEquals(plain.sums.counts(), packed.sums.counts());
        assertEquals(plain.sums.starts(), packed.sums.starts());
        assertRelative(plain.sums.nll(), packed.sums.nll());
        assertRelative(plain.sums.td(), packed.sums.td());
        assertRelative(plain.sums.value0(), packed.sums.value0());
        assertRelative(plain.sums.entropy(), packed.sums.entropy());
        for (int i = 0; i < plain.gradients.size(); i++) {
            float[] expected = plain.gradients.get(i);
            float[] seen = packed.gradients.get(i);
            double norm = 0;
            double difference = 0;
            for (int k = 0; k < expected.length; k++) {
                norm += (double) expected[k] * expected[k];
                difference += ((double) seen[k] - expected[k]) * ((double) seen[k] - expected[k]);
            }
            assertEquals(0, Math.sqrt(difference), 1e-5 * Math.sqrt(norm), "tensor " + i);
        }
    }

    private static Outcome step(boolean packing) {
        TrainingConfig config = TrainingConfig.defaults().with(c -> c.numTrainEpochs(1).perDeviceTrainBatchSize(3)
                .gradientAccumulationSteps(14).learningRate(0.05).adamBeta2(0.99).maxGradNorm(0).lrSchedulerType(LrSchedulerType.CONSTANT)
                .seed(3).loggingSteps(1).saveSteps(0).saveTotalLimit(0).packing(packing).maxLength(MAX_LENGTH).bucketMultiple(4)
                .maxEvalSamples(0));
        DataPlan plan = DataPlan.of(new TrainingData(examples(), Optional.empty(), TinyRun.EOS), config.rows());
        assertEquals(1, plan.stepsPerEpoch());
        List<Batch> batches = plan.step(0);
        Counts total = batches.stream().map(Batch::counts).reduce(Counts.ZERO, Counts::plus);
        try (LanguageModel model = LanguageModel.create(Gpt2Config.defaults().with(c -> c.vocabSize(TinyRun.VOCABULARY)
                .nPositions(MAX_LENGTH).nEmbd(16).nLayer(2).nHead(2).initializerRange(0.3)), 5,
                        Lowering.FUSED);
                SoftQ softQ = new SoftQ(model.graph(), SoftQConfig.defaults().with(c -> c.lambda(LAMBDA)))) {
            LossSums sums = LossSums.ZERO;
            for (Batch batch : batches) {
                sums = sums.plus(softQ.accumulateAt(batch, total, LAMBDA));
            }
            List<float[]> gradients = new ArrayList<>();
            for (Slot slot : softQ.parameters().slots()) {
                float[] values = new float[slot.size()];
                slot.gradients().get(0, values);
                gradients.add(values);
            }
            return new Outcome(plan.summary(), sums, gradients, batches.size());
        }
    }

    /** Of 3 to 27 tokens, half of which end in EOS. */
    private static ExampleSource examples() {
        Random random = new Random(6);
        List<Example> examples = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            int length = i < 3 ? 27 : 3 + random.nextInt(18);
            int[] ids = random.ints(length, 0, TinyRun.EOS).toArray();
            boolean[] response = new boolean[length];
            Arrays.fill(response, 2, length, true);
            ids[length - 1] = i % 2 == 0 ? TinyRun.EOS : ids[length - 1];
            examples.add(new Example(ids, response));
        }
        return ExampleSource.of(examples);
    }

    private static void assertRelative(double expected, double seen) {
        assertEquals(expected, seen, 1e-5 * Math.abs(expected));
    }
}
