package io.softq4j.training.rows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.softq4j.common.UserError;
import io.softq4j.objective.Batch;
import io.softq4j.tokens.Example;
import io.softq4j.training.TinyRun;
import io.softq4j.training.TrainingConfig;
import io.softq4j.training.optim.LrSchedulerType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DataPlanTest {

    private static final int EOS = 9;

    /** Inputs 5, 3, 8 (cut from 12), 2, 1: of 8 a row, 8 | 5 3 | 2 1. */
    private static final ExampleSource FIVE = lengths(5, 3, 12, 2, 1);

    @Test
    void packedRowsOfASmallCaseUseNineteenOfTwentyFourSlots() {
        DataPlan plan = plan(config(true, 1), FIVE);
        assertEquals(new SlotUse.Packed(5, 3, 8, 19), plan.summary().slots());
        assertEquals(List.of(List.of(2L), List.of(0L, 1L), List.of(3L, 4L)), rows(plan));
        assertEquals(3, plan.stepsPerEpoch(), "steps are counted in rows");
        assertEquals("packed 5 examples into 3 rows of 8 tokens: 79.2 % of the slots used", plan.summary().slots().toString());
    }

    /** Rows are rounded up to a multiple of 4, to 8, 4, 8, 4 and 4; alone in their batches they take 28 slots in any order. */
    @Test
    void paddedRowsAloneInTheirBatchesTakeTheirRoundedLengths() {
        assertEquals(new SlotUse.Padded(19, 28, Optional.of(new SlotUse.Packed(5, 3, 8, 19))), plan(config(false, 1), FIVE).summary().slots());
    }

    /** Batches of two by the order of the first epoch, and the fifth alone: what the collator makes of them is what was counted. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theSlotsCountedAreThoseOfTheBatchesOfTheFirstEpoch(boolean packing) {
        TrainingConfig config = config(packing, 2);
        DataPlan plan = plan(config, FIVE);
        long slots = 0;
        long tokens = 0;
        for (long step = 0; step < plan.stepsPerEpoch(); step++) {
            for (Batch batch : plan.step(step)) {
                slots += (long) batch.rows() * batch.length();
                tokens += batch.tokens();
            }
        }
        assertEquals(plan.summary().tokens(), tokens);
        assertEquals((double) tokens / slots, plan.summary().slots().used());
    }

    @Test
    void whichExamplesShareARowDependsOnTheirLengthsAlone() {
        ExampleSource examples = TinyRun.examples(200, 4);
        TrainingConfig config = TinyRun.packed();
        List<List<Long>> rows = rows(plan(config, examples));
        assertEquals(rows, rows(plan(config, examples)));
        ExampleSource otherTokens = ExampleSource.of(200, i -> {
            Example example = examples.get(i);
            boolean ends = example.ids()[example.length() - 1] == EOS;
            int[] ids = IntStream.range(0, example.length()).map(t -> ends && t == example.length() - 1 ? EOS : 1).toArray();
            return new Example(ids, example.response());
        });
        assertEquals(rows, rows(plan(config, otherTokens)));
        assertNotEquals(rows, rows(plan(config, TinyRun.examples(200, 5))));
    }

    @Test
    void validationExamplesArePackedToo() {
        TrainingConfig config = config(true, 1);
        ValidationSource validation = new TrainingData(lengths(8), Optional.of(FIVE), EOS).validation(config.rows(), 0).orElseThrow();
        List<Batch> batches = new ArrayList<>();
        validation.batches().forEach(batches::add);
        assertEquals(3, validation.rows());
        assertEquals(List.of(8, 8, 8), batches.stream().map(Batch::length).toList());
        assertEquals(19, batches.stream().mapToLong(Batch::tokens).sum());
    }

    @Test
    void moreExamplesThanAnArrayHoldsAreRefusedBeforeAnyIsRead() {
        ExampleSource huge = ExampleSource.of(1L << 31, i -> {
            throw new AssertionError("read " + i);
        });
        String message = assertThrows(UserError.class, () -> plan(config(true, 1), huge)).getMessage();
        assertEquals("the training data has 2147483648 examples, a run takes 2147483639 at most: it holds their lengths in one array. Prepare fewer,"
                + " or train on the parts one after the other.", message);
    }

    /** Examples without EOS, whose tokens are all inputs. */
    private static ExampleSource lengths(int... lengths) {
        return ExampleSource.of(Arrays.stream(lengths).mapToObj(n -> {
            boolean[] response = new boolean[n];
            Arrays.fill(response, 1, n, true);
            return new Example(new int[n], response);
        }).toList());
    }

    private static TrainingConfig config(boolean packing, int batch) {
        return TrainingConfig.defaults().with(c -> c.numTrainEpochs(1).perDeviceTrainBatchSize(batch).learningRate(0.05).adamBeta2(0.99)
                .maxGradNorm(0).lrSchedulerType(LrSchedulerType.CONSTANT).seed(3).loggingSteps(1).saveSteps(0).saveTotalLimit(0)
                .packing(packing).maxLength(8).bucketMultiple(4).maxEvalSamples(0));
    }

    private static DataPlan plan(TrainingConfig config, ExampleSource examples) {
        return DataPlan.of(new TrainingData(examples, Optional.empty(), EOS), config.rows());
    }

    private static List<List<Long>> rows(DataPlan plan) {
        return LongStream.range(0, plan.rows().size()).mapToObj(row -> Arrays.stream(plan.rows().layout().examples(row)).boxed().toList()).toList();
    }
}
