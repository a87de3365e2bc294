package io.softq4j.objective.softq;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.graph.Lowering;
import io.softq4j.graph.plan.Plan;
import io.softq4j.model.Gpt2;
import io.softq4j.model.Gpt2Config;
import io.softq4j.model.ModelGraph;
import io.softq4j.objective.Batch;
import io.softq4j.objective.StartValues;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The objective with a baseline, Q = z - b: against a float64 loop, and that the policy does not see it. */
class BaselineTest {

    private static final Gpt2Config TINY = Gpt2Config.defaults().with(c -> c.vocabSize(10).nPositions(16).nEmbd(8).nLayer(2).nHead(2)
            .initializerRange(0.3));

    private static ModelGraph model(Lowering lowering, DataType type) {
        return Gpt2.build(TINY, 5, lowering, type);
    }

    private static SoftQConfig config(double gamma, double tau) {
        return SoftQConfig.defaults().with(c -> c.lambda(0.3).gamma(gamma).tau(tau).baseline(Baseline.BASE_MODEL));
    }

    /** Any number, a function of the tokens up to the row, and so of the row and not of where it lies. */
    private static float next(int hash) {
        return (float) (5 * Math.sin(hash));
    }

    private static double[] baseline(Sequence s) {
        double[] b = new double[s.rows()];
        int hash = 7;
        for (int i = 0; i < b.length; i++) {
            hash = 31 * hash + s.ids()[i];
            b[i] = next(hash);
        }
        return b;
    }

    /** What nobody may read is far off. */
    private static Batch with(Batch batch) {
        float[] b = new float[batch.inputIds().length];
        int hash = 7;
        for (int i = 0; i < b.length; i++) {
            hash = 31 * (batch.positionIds()[i] == 0 ? 7 : hash) + batch.inputIds()[i];
            b[i] = batch.segmentIds()[i] == 0 ? 1e6f : next(hash);
        }
        return batch.with(b);
    }

    private static double[][] logits(ModelGraph model, Sequence s) {
        long[] shape = {1, s.rows()};
        Map<String, long[]> shapes = Map.of(ModelGraph.INPUT_IDS, shape, ModelGraph.POSITION_IDS, shape, ModelGraph.ATTENTION_MASK, shape);
        try (Plan plan = Plan.compile(model.graph(), shapes, List.of(model.logits().name()))) {
            plan.write(ModelGraph.INPUT_IDS, Arrays.copyOf(s.ids(), s.rows()));
            plan.write(ModelGraph.POSITION_IDS, IntStream.range(0, s.rows()).toArray());
            plan.write(ModelGraph.ATTENTION_MASK, IntStream.generate(() -> 1).limit(s.rows()).toArray());
            plan.run();
            return Nd4j.createFromArray(plan.read(model.logits().name())).reshape(s.rows(), model.vocabulary()).toDoubleMatrix();
        }
    }

    private static Reference reference(ModelGraph model, double gamma, double tau) {
        Reference reference = new Reference();
        Sequence.samples().forEach(s -> reference.add(logits(model, s), s, gamma, tau, baseline(s)));
        return reference;
    }

    @ParameterizedTest
    @CsvSource({"FUSED, FLOAT, 1, 1", "FUSED, FLOAT, 0.9, 0.7", "STANDARD, DOUBLE, 1, 1", "STANDARD, DOUBLE, 0.9, 0.7"})
    void sumsEqualTheReferenceLoop(Lowering lowering, DataType type, double gamma, double tau) {
        ModelGraph model = model(lowering, type);
        Reference reference = reference(model, gamma, tau);
        try (SoftQ objective = new SoftQ(model, config(gamma, tau))) {
            LossSums sums = objective.evaluate(with(Sequence.padded(Sequence.samples(), 9, 0)));
            double tolerance = type == DataType.DOUBLE ? 1e-9 : 2e-4;
            assertEquals(reference.nll, sums.nll(), tolerance);
            assertEquals(reference.td, sums.td(), tolerance);
            assertEquals(reference.value0, sums.value0(), tolerance);
            assertEquals(2, sums.ends());
            assertEquals(reference.ending / 2, sums.figures(0.3).value("eos_logprob"), tolerance);
            assertEquals(reference.loss(0.3), sums.loss(0.3), tolerance);
        }
    }

    /** Of the reference loop through the whole network; where the next value is a constant in the gradient, of a loop that holds it. */
    @ParameterizedTest
    @CsvSource({"false", "true"})
    void gradientMatchesCentralDifferences(boolean stopGradient) {
        ModelGraph model = model(Lowering.STANDARD, DataType.DOUBLE);
        Batch batch = with(Sequence.padded(Sequence.samples(), 8, 0));
        List<double[]> held = stopGradient ? Sequence.samples().stream().map(s -> values(model, s)).toList() : List.of();
        try (SoftQ objective = new SoftQ(model, config(0.95, 0.8).with(c -> c.stopGradient(stopGradient)))) {
            Map<String, double[]> gradient = objective.gradient(batch, batch.counts(), 0.3);
            Random random = new Random(3);
            for (String name : model.parameters()) {
                INDArray value = model.graph().getVariable(name).getArr();
                for (int k = 0; k < 4; k++) {
                    long i = random.nextInt((int) value.length());
                    double at = value.getDouble(i);
                    value.putScalar(i, at + 1e-5);
                    double up = loss(model, held);
                    value.putScalar(i, at - 1e-5);
                    double down = loss(model, held);
                    value.putScalar(i, at);
                    assertEquals((up - down) / 2e-5, gradient.get(name)[(int) i], 1e-6, name + "[" + i + "]");
                }
            }
        }
    }

    private static double[] values(ModelGraph model, Sequence s) {
        return Arrays.stream(logits(model, s)).mapToDouble(z -> Reference.value(z, 0.8)).toArray();
    }

    private static double loss(ModelGraph model, List<double[]> held) {
        if (held.isEmpty()) {
            return reference(model, 0.95, 0.8).loss(0.3);
        }
        double nll = 0;
        double td = 0;
        int n = 0;
        for (int k = 0; k < held.size(); k++) {
            Sequence s = Sequence.samples().get(k);
            double[][] z = logits(model, s);
            double[] b = baseline(s);
            for (int t = s.prompt(); t < s.ids().length; t++, n++) {
                double q = z[t - 1][s.ids()[t]];
                nll += (Reference.value(z[t - 1], 0.8) - q) / 0.8;
                boolean terminal = s.ended() && t == s.ids().length - 1;
                double delta = q - b[t - 1] - 0.95 * (terminal ? 0 : held.get(k)[t] - b[t]);
                td += delta * delta;
            }
        }
        return nll / n + 0.3 * td / n;
    }

    @Test
    void kernelGradientMatchesTheExpansionInFloat64() {
        Batch batch = with(Sequence.padded(Sequence.samples(), 8, 0));
        try (SoftQ exact = new SoftQ(model(Lowering.STANDARD, DataType.DOUBLE), config(0.95, 0.8));
                SoftQ fused = new SoftQ(model(Lowering.FUSED, DataType.FLOAT), config(0.95, 0.8))) {
            assertClose(exact.gradient(batch, batch.counts(), 0.3), fused.gradient(batch, batch.counts(), 0.3), 5e-5);
        }
    }

    @Test
    void paddingPackingAndOrderChangeNeitherLossNorGradient() {
        List<Sequence> s = Sequence.samples();
        List<Batch> batches = List.of(Sequence.padded(s, 8, 0), Sequence.padded(s, 15, 3), Sequence.padded(List.of(s.get(2), s.get(0),
                s.get(1)), 9, 0),
                Sequence.packed(List.of(s), 15, 0), Sequence.packed(List.of(List.of(s.get(1), s.get(0)), List.of(s.get(2))), 16, 0));
        try (SoftQ objective = new SoftQ(model(Lowering.STANDARD, DataType.DOUBLE), config(0.95, 0.8))) {
            Batch first = with(batches.get(0));
            Map<String, double[]> gradient = objective.gradient(first, first.counts(), 0.3);
            for (Batch batch : batches) {
                assertEquals(objective.evaluate(first).loss(0.3), objective.evaluate(with(batch)).loss(0.3), 1e-10);
                assertEquals(objective.evaluate(first).value0(), objective.evaluate(with(batch)).value0(), 1e-10);
                assertClose(gradient, objective.gradient(with(batch), batch.counts(), 0.3), 1e-10);
            }
        }
    }

    @Test
    void microBatchesAddUpToTheWholeBatch() {
        Batch whole = with(Sequence.padded(Sequence.samples(), 8, 0));
        try (SoftQ objective = new SoftQ(model(Lowering.STANDARD, DataType.DOUBLE), config(0.95, 0.8))) {
            Map<String, double[]> sum = new HashMap<>();
            for (Sequence one : Sequence.samples()) {
                objective.gradient(with(Sequence.padded(List.of(one), 8, 0)), whole.counts(), 0.3).forEach((name, part) -> sum.merge(name,
                        part, (a, b) -> {
                    Arrays.setAll(a, i -> a[i] + b[i]);
                    return a;
                }));
            }
            assertClose(objective.gradient(whole, whole.counts(), 0.3), sum, 1e-10);
        }
    }

    @ParameterizedTest
    @EnumSource(Baseline.class)
    void atLambdaZeroThePolicyLearnsTheSameBitsWithEveryBaseline(Baseline baseline) {
        Batch batch = Sequence.padded(Sequence.samples(), 8, 0);
        List<List<float[]>> runs = new ArrayList<>();
        for (Baseline each : List.of(Baseline.NONE, baseline)) {
            try (SoftQ objective = new SoftQ(model(Lowering.FUSED, DataType.FLOAT), SoftQConfig.defaults().with(c -> c.lambda(0)
                    .baseline(each)))) {
                LossSums sums = objective.accumulateAt(each == Baseline.NONE ? batch : with(batch), batch.counts(), 0);
                List<float[]> seen = new ArrayList<>(List.of(new float[] {(float) sums.nll(), (float) sums.entropy()}));
                objective.parameters().slots().forEach(slot -> {
                    float[] values = new float[slot.size()];
                    slot.gradients().get(0, values);
                    seen.add(values);
                });
                runs.add(seen);
            }
        }
        for (int i = 0; i < runs.get(0).size(); i++) {
            assertArrayEquals(runs.get(0).get(i), runs.get(1).get(i));
        }
    }

    /** So td begins as the mean of log pi squared, and V as 0, whatever the level of the model's logits is. */
    @ParameterizedTest
    @CsvSource({"FUSED, FLOAT, 1", "FUSED, FLOAT, 0.7", "STANDARD, DOUBLE, 0.7"})
    void withTheModelsOwnValuesQBeginsAsTauLogPi(Lowering lowering, DataType type, double tau) {
        Batch batch = Sequence.padded(Sequence.samples(), 9, 0);
        float[] values;
        try (StateValues of = new StateValues(model(lowering, type), tau)) {
            values = of.of(batch);
        }
        ModelGraph model = model(lowering, type);
        double expected = 0;
        for (Sequence s : Sequence.samples()) {
            double[][] z = logits(model, s);
            for (int t = s.prompt(); t < s.ids().length; t++) {
                expected += Math.pow(z[t - 1][s.ids()[t]] - Reference.value(z[t - 1], tau), 2);
            }
        }
        try (SoftQ objective = new SoftQ(model, config(0.9, tau))) {
            LossSums sums = objective.evaluate(batch.with(values));
            assertEquals(expected, sums.td(), 1e-4);
            assertEquals(0, sums.value0(), 1e-5);
            assertNotEquals(expected, objective.evaluate(batch.with(new float[values.length])).td(), 0.1);
        }
    }

    /** gamma 1, a response that ends: the sum of the rewards is V'_0 + log pi. */
    @Test
    void rewardsTelescope() {
        Sequence s = Sequence.samples().get(0);
        double[][] z = logits(model(Lowering.STANDARD, DataType.DOUBLE), s);
        Reference reference = new Reference().add(z, s, 1, 1, baseline(s));
        double value0 = Reference.value(z[s.prompt() - 1], 1) - baseline(s)[s.prompt() - 1];
        assertEquals(value0 + reference.logPi, reference.rewards, 1e-10);
        assertTrue(Math.abs(reference.rewards - new Reference().add(z, s, 1, 1).rewards) > 0.1,
                "the baseline is a potential that ends at 0");
        assertEquals(baseline(s)[s.prompt() - 1], new Reference().add(z, s, 1, 1).rewards - reference.rewards, 1e-10);
    }

    @Test
    void aBatchWithoutBaselineIsRefused() {
        Batch batch = Sequence.padded(Sequence.samples(), 8, 0);
        try (SoftQ objective = new SoftQ(model(Lowering.FUSED, DataType.FLOAT), config(1, 1))) {
            String message = assertThrows(IllegalArgumentException.class, () -> objective.evaluate(batch)).getMessage();
            assertTrue(message.contains("the objective has a baseline, the batch none"), message);
        }
    }

    @Test
    void theDefaultOfAModelThatIsTrainedAlreadyIsItsOwnValues() {
        SoftQConfig given = SoftQConfig.defaults();
        assertEquals(Baseline.NONE, ((SoftQConfig) given.settled(false, key -> false).settings()).baseline());
        assertEquals(Baseline.NONE, ((SoftQConfig) given.settled(true, key -> false).settings()).baseline());    // lambda is 0 then
        SoftQConfig pretrained = (SoftQConfig) given.settled(true, "lambda"::equals).settings();
        assertEquals(Baseline.BASE_MODEL, pretrained.baseline());
        assertEquals(Optional.of(new StartValues(1, false)), pretrained.startValues());
        assertEquals(Optional.empty(), pretrained.warning(true));
        SoftQConfig stated = (SoftQConfig) given.settled(true, key -> true).settings();
        assertEquals(Baseline.NONE, stated.baseline());
        assertTrue(stated.warning(true).orElseThrow().contains("objective.baseline=base_model takes that level away"));
    }

    private static void assertClose(Map<String, double[]> a, Map<String, double[]> b, double tolerance) {
        a.forEach((name, values) -> assertArrayEquals(values, b.get(name), tolerance, name));
    }
}
