package io.softq4j.objective.softq;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.graph.Lowering;
import io.softq4j.graph.plan.Parameters;
import io.softq4j.graph.plan.Plan;
import io.softq4j.graph.plan.PlanReport;
import io.softq4j.graph.plan.Profile;
import io.softq4j.model.Gpt2;
import io.softq4j.model.Gpt2Config;
import io.softq4j.model.LanguageModel;
import io.softq4j.model.ModelGraph;
import io.softq4j.objective.Batch;
import io.softq4j.objective.BatchShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The objective on a small GPT-2, against a float64 loop and under every rearrangement of the batch that must not matter. */
class SoftQTest {

    private static final Gpt2Config TINY = Gpt2Config.defaults().with(c -> c.vocabSize(10).nPositions(16).nEmbd(8).nLayer(2).nHead(2)
            .initializerRange(0.3));

    static ModelGraph model(Lowering lowering, DataType type) {
        return Gpt2.build(TINY, 5, lowering, type);
    }

    static double[][] logits(ModelGraph model, Sequence s) {
        int rows = s.rows();
        int[] ids = Arrays.copyOf(s.ids(), rows);
        long[] shape = {1, rows};
        Map<String, long[]> shapes = Map.of(ModelGraph.INPUT_IDS, shape, ModelGraph.POSITION_IDS, shape, ModelGraph.ATTENTION_MASK, shape);
        try (Plan plan = Plan.compile(model.graph(), shapes, List.of(model.logits().name()))) {
            plan.write(ModelGraph.INPUT_IDS, ids);
            plan.write(ModelGraph.POSITION_IDS, IntStream.range(0, rows).toArray());
            plan.write(ModelGraph.ATTENTION_MASK, IntStream.generate(() -> 1).limit(rows).toArray());
            plan.run();
            return Nd4j.createFromArray(plan.read(model.logits().name())).reshape(rows, model.vocabulary()).toDoubleMatrix();
        }
    }

    @ParameterizedTest
    @CsvSource({"FUSED, FLOAT, 1, 1", "FUSED, FLOAT, 0.9, 0.7", "STANDARD, DOUBLE, 1, 1", "STANDARD, DOUBLE, 0.9, 0.7"})
    void sumsEqualTheReferenceLoop(Lowering lowering, DataType type, double gamma, double tau) {
        ModelGraph model = model(lowering, type);
        Reference reference = new Reference();
        Sequence.samples().forEach(s -> reference.add(logits(model, s), s, gamma, tau));
        try (SoftQ objective = new SoftQ(model, SoftQConfig.defaults().with(c -> c.lambda(0.3).gamma(gamma).tau(tau)))) {
            LossSums sums = objective.evaluate(Sequence.padded(Sequence.samples(), 9, 0));
            double tolerance = type == DataType.DOUBLE ? 1e-9 : 1e-4;
            assertEquals(reference.tokens, sums.counts().responseTokens());
            assertEquals(reference.nll, sums.nll(), tolerance);
            assertEquals(reference.td, sums.td(), tolerance);
            assertEquals(reference.loss(0.3), sums.loss(0.3), tolerance);
        }
    }

    /** Central differences of the reference loss through the whole network, at elements of every tensor. */
    @ParameterizedTest
    @CsvSource({"false", "true"})
    void gradientMatchesCentralDifferences(boolean stopGradient) {
        ModelGraph model = model(Lowering.STANDARD, DataType.DOUBLE);
        double lambda = 0.3;
        Batch batch = Sequence.padded(Sequence.samples(), 8, 0);
        try (SoftQ objective = new SoftQ(model,
                SoftQConfig.defaults().with(c -> c.lambda(lambda).gamma(0.95).tau(0.8).stopGradient(stopGradient)))) {
            Map<String, double[]> gradient = objective.gradient(batch, batch.counts(), lambda);
            Random random = new Random(3);
            Frozen frozen = stopGradient ? new Frozen(model) : null;
            for (String name : model.parameters()) {
                INDArray value = model.graph().getVariable(name).getArr();
                for (int k = 0; k < 5; k++) {
                    long i = random.nextInt((int) value.length());
                    double at = value.getDouble(i);
                    value.putScalar(i, at + 1e-5);
                    double up = loss(model, objective, batch, lambda, frozen);
                    value.putScalar(i, at - 1e-5);
                    double down = loss(model, objective, batch, lambda, frozen);
                    value.putScalar(i, at);
                    assertEquals((up - down) / 2e-5, gradient.get(name)[(int) i], 1e-6, name + "[" + i + "]");
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"FUSED, FLOAT", "STANDARD, DOUBLE"})
    void zLossIsTheMeanSquaredLogOfTheNormaliser(Lowering lowering, DataType type) {
        ModelGraph model = model(lowering, type);
        Reference reference = new Reference();
        Sequence.samples().forEach(s -> reference.add(logits(model, s), s, 0.9, 0.7));
        try (SoftQ objective = new SoftQ(model, SoftQConfig.defaults().with(c -> c.lambda(0.3).gamma(0.9).tau(0.7).zLoss(0.05)))) {
            LossSums sums = objective.evaluate(Sequence.padded(Sequence.samples(), 9, 0));
            double tolerance = type == DataType.DOUBLE ? 1e-9 : 1e-4;
            assertEquals(0.05 * reference.squaredLogZ / reference.tokens, sums.figures(0.3).value("z_loss"), tolerance);
            assertEquals(reference.loss(0.3) + sums.figures(0.3).value("z_loss"), sums.loss(0.3), tolerance);
            assertTrue(sums.figures(0.3).value("z_loss") > 0.05);
        }
    }

    /** What a stopped run says, by step: one of warm-up, one of the ramp, lambda itself. */
    @Test
    void figuresAndAdviceFollowTheScheduleOfLambda() {
        Batch batch = Sequence.padded(Sequence.samples(), 9, 0);
        try (SoftQ objective = new SoftQ(model(Lowering.FUSED, DataType.FLOAT), SoftQConfig.defaults().with(c -> c.lambda(0.3).gamma(0.9).tau(0.7).mleWarmupSteps(1).lambdaRampSteps(1)))) {
            double[] lambdas = {0, 0.15, 0.3};
            for (int step = 0; step < lambdas.length; step++) {
                LossSums sums = objective.accumulateAt(batch, batch.counts(), lambdas[step]);
                assertEquals(sums.figures(lambdas[step]), objective.accumulate(batch, batch.counts(), step));
                assertEquals(lambdas[step], objective.evaluate(batch, step).value("lambda"));
                assertEquals(sums.loss(lambdas[step]), objective.evaluate(batch, step).loss(), 1e-5);
                assertEquals(step > 0, objective.advice(step).isPresent());
            }
        }
    }

    /** Of the reference loss, and the kernel against the expansion, with lambda and without. */
    @ParameterizedTest
    @CsvSource({"0.3", "0"})
    void gradientOfTheZLossMatchesCentralDifferences(double lambda) {
        ModelGraph model = model(Lowering.STANDARD, DataType.DOUBLE);
        SoftQConfig config = SoftQConfig.defaults().with(c -> c.lambda(lambda).gamma(0.95).tau(0.8).zLoss(0.2));
        Batch batch = Sequence.padded(Sequence.samples(), 8, 0);
        try (SoftQ objective = new SoftQ(model, config); SoftQ fused = new SoftQ(model(Lowering.FUSED, DataType.FLOAT), config)) {
            Map<String, double[]> gradient = objective.gradient(batch, batch.counts(), lambda);
            Random random = new Random(3);
            for (String name : model.parameters()) {
                INDArray value = model.graph().getVariable(name).getArr();
                for (int k = 0; k < 3; k++) {
                    long i = random.nextInt((int) value.length());
                    double at = value.getDouble(i);
                    value.putScalar(i, at + 1e-5);
                    double up = zLoss(model, lambda);
                    value.putScalar(i, at - 1e-5);
                    double down = zLoss(model, lambda);
                    value.putScalar(i, at);
                    assertEquals((up - down) / 2e-5, gradient.get(name)[(int) i], 1e-6, name + "[" + i + "]");
                }
            }
            assertClose(gradient, fused.gradient(batch, batch.counts(), lambda), 2e-5);
        }
    }

    private static double zLoss(ModelGraph model, double lambda) {
        Reference reference = new Reference();
        Sequence.samples().forEach(s -> reference.add(logits(model, s), s, 0.95, 0.8));
        return reference.loss(lambda) + 0.2 * reference.squaredLogZ / reference.tokens;
    }

    /** The values of the next states before any perturbation: what a stopped gradient holds constant. */
    private static final class Frozen {
        private final List<double[]> next = new ArrayList<>();

        Frozen(ModelGraph model) {
            for (Sequence s : Sequence.samples()) {
                next.add(Arrays.stream(logits(model, s)).mapToDouble(z -> Reference.value(z, 0.8)).toArray());
            }
        }
    }

    private static double loss(ModelGraph model, SoftQ objective, Batch batch, double lambda, Frozen frozen) {
        if (frozen == null) {
            return objective.evaluate(batch).loss(lambda);
        }
        double nll = 0;
        double td = 0;
        int n = 0;
        for (int k = 0; k < Sequence.samples().size(); k++) {
            Sequence s = Sequence.samples().get(k);
            double[][] z = logits(model, s);
            for (int t = s.prompt(); t < s.ids().length; t++, n++) {
                double q = z[t - 1][s.ids()[t]];
                nll += (Reference.value(z[t - 1], 0.8) - q) / 0.8;
                boolean terminal = s.ended() && t == s.ids().length - 1;
                double delta = q - 0.95 * (terminal ? 0 : frozen.next.get(k)[t]);
                td += delta * delta;
            }
        }
        return nll / n + lambda * td / n;
    }

    @Test
    void kernelGradientMatchesTheExpansionInFloat64() {
        Batch batch = Sequence.padded(Sequence.samples(), 8, 0);
        ModelGraph exact = model(Lowering.STANDARD, DataType.DOUBLE);
        ModelGraph fused = model(Lowering.FUSED, DataType.FLOAT);
        SoftQConfig config = SoftQConfig.defaults().with(c -> c.lambda(0.3).gamma(0.95).tau(0.8));
        try (SoftQ a = new SoftQ(exact, config); SoftQ b = new SoftQ(fused, config)) {
            assertClose(a.gradient(batch, batch.counts(), 0.3), b.gradient(batch, batch.counts(), 0.3), 2e-5);
        }
    }

    @Test
    void aProfileIsOfTrainingAndNotOfValidation() {
        Batch batch = Sequence.padded(Sequence.samples(), 8, 0);
        try (SoftQ objective = new SoftQ(model(Lowering.FUSED, DataType.FLOAT), SoftQConfig.defaults().with(c -> c.lambda(0.3)))) {
            Profile profile = new Profile();
            objective.profile(profile);
            objective.evaluate(batch);
            assertEquals(0, profile.rows().size());
            objective.accumulateAt(batch, batch.counts(), 0.3);
            assertTrue(profile.nanos() > 0);
        }
    }

    @Test
    void lambdaZeroIsCrossEntropyForEveryGamma() {
        ModelGraph model = model(Lowering.STANDARD, DataType.DOUBLE);
        Reference reference = new Reference();
        Sequence.samples().forEach(s -> reference.add(logits(model, s), s, 1, 1));
        Batch batch = Sequence.padded(Sequence.samples(), 8, 0);
        Map<String, double[]> first = null;
        for (double gamma : new double[] {1, 0.5, 0.01}) {
            try (SoftQ objective = new SoftQ(model(Lowering.STANDARD, DataType.DOUBLE),
                    SoftQConfig.defaults().with(c -> c.lambda(0).gamma(gamma)))) {
                Map<String, double[]> gradient = objective.gradient(batch, batch.counts(), 0);
                assertEquals(reference.nll / reference.tokens, objective.evaluate(batch).loss(0), 1e-12);
                if (first == null) {
                    first = gradient;
                }
                for (String name : gradient.keySet()) {
                    assertArrayEquals(first.get(name), gradient.get(name), name);
                }
            }
        }
    }

    /** In float64, where no rounding grows to be seen, whatever the weights begin as: cross-entropy in standard ops against the objective at lambda 0. */
    @Test
    void lambdaZeroTrainsAsCrossEntropyForAHundredSteps() {
        Batch batch = Sequence.padded(Sequence.samples(), 8, 0);
        ModelGraph a = model(Lowering.STANDARD, DataType.DOUBLE);
        ModelGraph b = model(Lowering.STANDARD, DataType.DOUBLE);
        try (SoftQ objective = new SoftQ(a,
                SoftQConfig.defaults().with(c -> c.lambda(0).gamma(0.9))); CrossEntropy plain = new CrossEntropy(b)) {
            double before = objective.evaluate(batch).loss(0);
            for (int step = 0; step < 100; step++) {
                descend(a, objective.gradient(batch, batch.counts(), 0));
                descend(b, plain.gradient(batch));
            }
            assertTrue(objective.evaluate(batch).loss(0) < 0.5 * before, "nothing was learnt");
            for (String name : a.parameters()) {
                INDArray x = a.graph().getVariable(name).getArr();
                INDArray y = b.graph().getVariable(name).getArr();
                assertEquals(0, x.sub(y).amaxNumber().doubleValue(), 1e-6, name);
            }
        }
    }

    private static void descend(ModelGraph model, Map<String, double[]> gradient) {
        gradient.forEach((name, g) -> {
            INDArray value = model.graph().getVariable(name).getArr();
            value.subi(Nd4j.createFromArray(g).reshape(value.shape()).mul(0.05));
        });
    }

    @Test
    void paddingChangesNeitherLossNorGradient() {
        sameForAll(Sequence.padded(Sequence.samples(), 7, 0), Sequence.padded(Sequence.samples(), 8, 0), Sequence.padded(Sequence.samples(), 15, 3));
    }

    @Test
    void packingChangesNeitherLossNorGradient() {
        List<Sequence> s = Sequence.samples();
        sameForAll(Sequence.padded(s, 8, 0), Sequence.packed(List.of(List.of(s.get(0), s.get(1), s.get(2))), 15, 0),
                Sequence.packed(List.of(List.of(s.get(1), s.get(0)), List.of(s.get(2))), 16, 0));
    }

    @Test
    void rowOrderChangesNeitherLossNorGradient() {
        List<Sequence> s = Sequence.samples();
        sameForAll(Sequence.padded(s, 8, 0), Sequence.padded(List.of(s.get(2), s.get(0), s.get(1)), 8, 0));
    }

    private static void sameForAll(Batch... batches) {
        try (SoftQ objective = new SoftQ(model(Lowering.STANDARD, DataType.DOUBLE), SoftQConfig.defaults().with(c -> c.lambda(0.3)))) {
            LossSums sums = objective.evaluate(batches[0]);
            Map<String, double[]> gradient = objective.gradient(batches[0], batches[0].counts(), 0.3);
            for (Batch batch : batches) {
                assertEquals(sums.counts(), batch.counts());
                assertEquals(sums.nll(), objective.evaluate(batch).nll(), 1e-9);
                assertEquals(sums.td(), objective.evaluate(batch).td(), 1e-9);
                assertEquals(sums.value0(), objective.evaluate(batch).value0(), 1e-9);
                assertEquals(3, objective.evaluate(batch).starts());
                assertClose(gradient, objective.gradient(batch, batch.counts(), 0.3), 1e-10);
            }
        }
    }

    @Test
    void microBatchesAddUpToTheWholeBatch() {
        List<Sequence> s = Sequence.samples();
        ModelGraph model = model(Lowering.FUSED, DataType.FLOAT);
        try (SoftQ objective = new SoftQ(model, SoftQConfig.defaults().with(c -> c.lambda(0.3)))) {
            Batch whole = Sequence.padded(s, 8, 0);
            LossSums sums = objective.accumulateAt(whole, whole.counts(), 0.3);
            List<float[]> expected = gradients(objective);
            objective.parameters().zeroGradients();
            LossSums parts = LossSums.ZERO;
            for (Sequence one : s) {
                parts = parts.plus(objective.accumulateAt(Sequence.padded(List.of(one), 8, 0), whole.counts(), 0.3));
            }
            assertEquals(sums.loss(0.3), parts.loss(0.3), 1e-6);
            List<float[]> seen = gradients(objective);
            for (int i = 0; i < expected.size(); i++) {
                for (int j = 0; j < expected.get(i).length; j++) {
                    assertEquals(expected.get(i)[j], seen.get(i)[j], 1e-5);
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
    void sameInputsGiveTheSameBits() {
        Batch batch = Sequence.padded(Sequence.samples(), 8, 0);
        List<List<float[]>> runs = new ArrayList<>();
        for (int run = 0; run < 2; run++) {
            try (SoftQ objective = new SoftQ(model(Lowering.FUSED, DataType.FLOAT), SoftQConfig.defaults())) {
                objective.accumulateAt(batch, batch.counts(), 0.1);
                runs.add(gradients(objective));
            }
        }
        for (int i = 0; i < runs.get(0).size(); i++) {
            assertArrayEquals(runs.get(0).get(i), runs.get(1).get(i));
        }
    }

    @Test
    void targetOutsideTheVocabularyIsRefused() {
        try (SoftQ objective = new SoftQ(model(Lowering.FUSED, DataType.FLOAT), SoftQConfig.defaults())) {
            Batch batch = Sequence.padded(List.of(new Sequence(new int[] {1, 2, 10, 0}, 1, true)), 4, 0);
            IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> objective.evaluate(batch));
            assertEquals("target 10 is outside the vocabulary of 10", e.getMessage());
        }
    }

    private static void assertClose(Map<String, double[]> expected, Map<String, double[]> seen, double tolerance) {
        expected.forEach((name, e) -> {
            assertArrayEquals(e, seen.get(name), tolerance * Math.max(1e-2, greatest(e)), name);
        });
    }

    private static double greatest(double[] values) {
        return Arrays.stream(values).map(Math::abs).max().orElseThrow();
    }

    /**
     * More rows than a chunk has and more tokens than a tile: residuals reach from one chunk into the next, rows in between are left out, and the
     * last tile is narrower than the others.
     */
    @ParameterizedTest
    @CsvSource({"false, 1, 1", "true, 1, 1", "false, 0.9, 0.7"})
    void chunksAndTilesOfTheHeadDoNotShow(boolean stopGradient, double gamma, double tau) {
        Gpt2Config size = Gpt2Config.defaults().with(c -> c.vocabSize(1100).nPositions(400).nEmbd(8).nLayer(1).nHead(2)
                .initializerRange(0.3));
        ModelGraph exact = Gpt2.build(size, 5, Lowering.STANDARD, DataType.DOUBLE);
        ModelGraph fused = Gpt2.build(size, 5, Lowering.FUSED, DataType.FLOAT);
        Batch batch = scattered(3, 400, 1100);
        SoftQConfig config = SoftQConfig.defaults().with(c -> c.lambda(0.3).gamma(gamma).tau(tau).stopGradient(stopGradient));
        try (SoftQ a = new SoftQ(exact, config); SoftQ b = new SoftQ(fused, config)) {
            Map<String, double[]> expected = a.gradient(batch, batch.counts(), 0.3);
            Map<String, double[]> seen = b.gradient(batch, batch.counts(), 0.3);
            for (String name : expected.keySet()) {
                assertArrayEquals(expected.get(name), seen.get(name), 1e-4 * Math.max(1e-6, greatest(expected.get(name))), name);
            }
            assertEquals(a.evaluate(batch).loss(0.3), b.evaluate(batch).loss(0.3), 1e-4);
            assertEquals(a.evaluate(batch).entropy(), b.evaluate(batch).entropy(), 1e-2);
        }
    }

    /** Rows with unscored stretches in random places; each scored stretch is a response, of which some are cut and some end. */
    private static Batch scattered(int rows, int length, int vocabulary) {
        Random random = new Random(11);
        int n = rows * length;
        int[] ids = random.ints(n, 0, vocabulary).toArray();
        int[] targets = random.ints(n, 0, vocabulary).toArray();
        int[] positions = new int[n];
        int[] segments = new int[n];
        float[] nll = new float[n];
        float[] td = new float[n];
        float[] continues = new float[n];
        Arrays.fill(segments, 1);
        Arrays.fill(continues, 1);
        for (int i = 0; i < n; i++) {
            positions[i] = i % length;
            boolean scored = positions[i] % 90 >= 20;
            boolean last = positions[i] == length - 1 || positions[i] % 90 == 89;
            nll[i] = scored ? 1 : 0;
            continues[i] = scored && last && i % 2 == 0 ? 0 : 1;
            td[i] = scored && (!last || continues[i] == 0) ? 1 : 0;
        }
        return new Batch(rows, length, ids, positions, segments, targets, nll, td, continues);
    }

    /** What training adds up in place, over two micro-batches, is the gradient; in standard ops too, where values share memory over time. */
    @ParameterizedTest
    @EnumSource(Lowering.class)
    void whatIsAccumulatedIsTheGradient(Lowering lowering) {
        Gpt2Config size = Gpt2Config.defaults().with(c -> c.vocabSize(50).nPositions(64).nEmbd(16).nLayer(3).nHead(2)
                .initializerRange(0.3));
        Batch batch = scattered(2, 64, 50);
        try (SoftQ objective = new SoftQ(Gpt2.build(size, 5, lowering, DataType.FLOAT), SoftQConfig.defaults())) {
            Map<String, double[]> expected = objective.gradient(batch, batch.counts(), 0.2);
            objective.parameters().zeroGradients();
            objective.accumulateAt(batch, batch.counts(), 0.2);
            objective.accumulateAt(batch, batch.counts(), 0.2);
            for (Parameters.Slot slot : objective.parameters().slots()) {
                double[] one = expected.get(slot.name());
                double scale = Math.max(1e-6, greatest(one));
                for (int i = 0; i < slot.size(); i++) {
                    assertEquals(2 * one[i], slot.gradients().get(i), 1e-5 * scale, slot.name() + "[" + i + "]");
                }
            }
        }
    }

    @Test
    void gradientCheckpointingGivesTheSameBitsWithLessMemory() {
        Gpt2Config size = Gpt2Config.defaults().with(c -> c.vocabSize(50).nPositions(64).nEmbd(16).nHead(2).initializerRange(0.3));
        Batch batch = scattered(2, 64, 50);
        try (SoftQ kept = new SoftQ(Gpt2.build(size, 5, Lowering.FUSED, DataType.FLOAT), SoftQConfig.defaults(), false);
                SoftQ again = new SoftQ(Gpt2.build(size, 5, Lowering.FUSED, DataType.FLOAT), SoftQConfig.defaults(), true)) {
            assertEquals(kept.accumulateAt(batch, batch.counts(), 0.2), again.accumulateAt(batch, batch.counts(), 0.2));
            for (int i = 0; i < kept.parameters().slots().size(); i++) {
                assertEquals(kept.parameters().slots().get(i).gradients(), again.parameters().slots().get(i).gradients(),
                        kept.parameters().slots().get(i).name());
            }
            PlanReport whole = kept.explain(BatchShape.of(2, 64));
            PlanReport part = again.explain(BatchShape.of(2, 64));
            assertEquals(0, whole.recomputedOps());
            assertTrue(part.recomputedOps() >= 4 * 4, part.summary());
            assertTrue(part.recomputedFlops() > 0 && part.flops() == whole.flops() + part.recomputedFlops(), part.summary());
            assertTrue(part.arenaBytes() < 0.7 * whole.arenaBytes(), part.summary() + " against " + whole.summary());
        }
    }

    /** With a tied table, frozen or not, the head computes what is asked for and no more. */
    @Test
    void frozenParametersCostNothingAndLeaveTheBitsOfTheOthers() {
        Gpt2Config size = Gpt2Config.defaults().with(c -> c.vocabSize(50).nPositions(64).nEmbd(16).nLayer(2).nHead(2)
                .initializerRange(0.3));
        Batch batch = scattered(2, 64, 50);
        ModelGraph all = Gpt2.build(size, 5, Lowering.FUSED, DataType.FLOAT);
        try (SoftQ whole = new SoftQ(all, SoftQConfig.defaults())) {
            whole.accumulateAt(batch, batch.counts(), 0.2);
            String table = all.output().orElseThrow().table().name();
            String bias = all.parameters().stream().filter(name -> name.contains("h.1.mlp.c_fc.bias")).findFirst().orElseThrow();
            String norm = all.parameters().stream().filter(name -> name.contains("ln_f.weight")).findFirst().orElseThrow();
            for (List<String> trained : List.of(List.of(table), List.of(bias), List.of(norm, bias), List.of(table, norm))) {
                try (SoftQ part = new SoftQ(training(Gpt2.build(size, 5, Lowering.FUSED, DataType.FLOAT), trained), SoftQConfig.defaults())) {
                    part.accumulateAt(batch, batch.counts(), 0.2);
                    for (String name : trained) {
                        assertEquals(slot(whole, name).gradients(), slot(part, name).gradients(), name + " among " + trained);
                    }
                    long head = 2L * 2 * 64 * 16 * 50;
                    long saved = headFlops(whole.explain(BatchShape.of(2, 64))) - headFlops(part.explain(BatchShape.of(2, 64)));
                    assertEquals(trained.contains(table) ? 0 : head, saved, "of the head, " + trained);
                    assertTrue(part.explain(BatchShape.of(2, 64)).flops() < whole.explain(BatchShape.of(2, 64)).flops() - saved, part.explain(BatchShape.of(2, 64)).summary());
                }
            }
        }
    }

    /** Only the output layer: nothing below it, the hidden states included, has a gradient. */
    @Test
    void anOutputLayerTrainedAloneStopsTheBackwardPassThere() {
        Batch batch = Sequence.padded(Sequence.samples(), 8, 0);
        try (SoftQ whole = new SoftQ(untied(true), SoftQConfig.defaults()); SoftQ part = new SoftQ(untied(false), SoftQConfig.defaults())) {
            whole.accumulateAt(batch, batch.counts(), 0.2);
            part.accumulateAt(batch, batch.counts(), 0.2);
            assertEquals(slot(whole, "lm_head.weight").gradients(), slot(part, "lm_head.weight").gradients());
            assertEquals(2 * headFlops(whole.explain(BatchShape.of(3, 8))), 3 * headFlops(part.explain(BatchShape.of(3, 8))));
            assertEquals("ChunkedHead", part.explain(BatchShape.of(3, 8)).ops().get(part.explain(BatchShape.of(3, 8)).ops().size() - 1).kind(), part.explain(BatchShape.of(3, 8)).text());
        }
    }

    /** A GPT-2 with an output table of its own. @param all false: nothing but the table is trained */
    private static ModelGraph untied(boolean all) {
        ModelGraph tied = model(Lowering.FUSED, DataType.FLOAT);
        SDVariable hidden = tied.output().orElseThrow().hidden();
        SDVariable table = tied.graph().var("lm_head.weight", Nd4j.linspace(DataType.FLOAT, -1, 0.025, 80).reshape(10, 8));
        List<String> trained = new ArrayList<>(List.of(table.name()));
        trained.addAll(all ? tied.parameters() : List.of());
        return new ModelGraph(tied.ops(), tied.type(), 10, trained, List.of(), tied.ops().linearTransposed(hidden, table),
                Optional.of(new ModelGraph.Output(hidden, table)), tied.layers());
    }

    private static ModelGraph training(ModelGraph m, List<String> parameters) {
        return new ModelGraph(m.ops(), m.type(), m.vocabulary(), parameters, List.of(), m.logits(), m.output(), m.layers());
    }

    private static Parameters.Slot slot(SoftQ objective, String name) {
        return objective.parameters().slots().stream().filter(slot -> slot.name().equals(name)).findFirst().orElseThrow();
    }

    private static long headFlops(PlanReport report) {
        return report.ops().stream().filter(op -> op.kind().equals("ChunkedHead")).mapToLong(PlanReport.Op::flops).sum();
    }

    @Test
    void anOutlineNeedsWhatTheModelNeeds() {
        Gpt2Config size = Gpt2Config.defaults().with(c -> c.vocabSize(50).nPositions(64).nEmbd(16).nHead(2).initializerRange(0.3));
        try (SoftQ softQ = new SoftQ(Gpt2.build(size, 5, Lowering.FUSED, DataType.FLOAT), SoftQConfig.defaults(), true)) {
            PlanReport outline = new SoftQ(LanguageModel.outline(size, Lowering.FUSED), SoftQConfig.defaults(), true).explain(BatchShape.of(2, 64));
            assertEquals(softQ.explain(BatchShape.of(2, 64)).summary(), outline.summary());
        }
    }

    /** A billion parameters, the longest context and the largest vocabulary that must be possible: planned, not run, and nothing overflows. */
    @Test
    void largeModelsArePlannedWithoutMemory() {
        Gpt2Config size = Gpt2Config.defaults().with(c -> c.vocabSize(151_936).nPositions(4096).nEmbd(1792).nLayer(20).nHead(14));
        assertTrue(size.parameters() > 1_000_000_000L, "parameters: " + size.parameters());
        PlanReport whole = new SoftQ(LanguageModel.outline(size, Lowering.FUSED), SoftQConfig.defaults(), false).explain(BatchShape.of(4, 4096));
        PlanReport part = new SoftQ(LanguageModel.outline(size, Lowering.FUSED), SoftQConfig.defaults(), true).explain(BatchShape.of(4, 4096));
        double tokens = 4 * 4096;
        double products = 6 * tokens * (12.0 * 20 * 1792 * 1792 + 151_936.0 * 1792);
        double attention = tokens * 20 * 7 * 1792 * 4097.0;
        assertEquals(products + attention, whole.flops(), 0.01 * products);
        // a layer keeps its input, norm, q k v, context, sum, norm and inner layer: 12 times its width for each token
        double activations = tokens * 4 * 1792 * 12 * 20;
        assertTrue(whole.arenaBytes() > activations && whole.arenaBytes() < 1.5 * activations, whole.summary());
        assertTrue(part.arenaBytes() > Integer.MAX_VALUE && part.arenaBytes() < 0.4 * whole.arenaBytes(), part.summary());
    }
}
