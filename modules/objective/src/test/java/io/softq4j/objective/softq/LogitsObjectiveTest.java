package io.softq4j.objective.softq;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.graph.Lowering;
import io.softq4j.graph.plan.Parameters.Slot;
import io.softq4j.graph.plan.PlanReport;
import io.softq4j.model.Gpt2Config;
import io.softq4j.model.LanguageModel;
import io.softq4j.model.TuningConfig;
import io.softq4j.objective.Batch;
import io.softq4j.objective.BatchShape;
import io.softq4j.objective.Figures;
import io.softq4j.objective.LogitsObjective;
import io.softq4j.objective.LogitsObjective.Term;
import io.softq4j.objective.Objective;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LogitsObjectiveTest {

    private static final Batch BATCH = Sequence.padded(Sequence.samples(), 9, 0);

    private static final Gpt2Config SIZE = Gpt2Config.defaults()
            .with(c -> c.vocabSize(11).nPositions(16).nEmbd(8).nLayer(1).nHead(2).initializerRange(0.3));

    /** Length of a step to either side: small beside the curvature, large beside the rounding of float32. */
    private static final double STEP = 1e-2;

    private record Step(Figures figures, Figures evaluated, List<float[]> gradients) {
    }

    private static Step step(Lowering lowering, long step, Function<LanguageModel, Objective> make) {
        return step(SIZE, TuningConfig.defaults(), lowering, step, make);
    }

    private static Step step(Gpt2Config size, TuningConfig tuning, Lowering lowering, long step, Function<LanguageModel, Objective> make) {
        try (LanguageModel model = LanguageModel.create(size, 5, lowering, tuning); Objective objective = make.apply(model)) {
            Figures figures = objective.accumulate(BATCH, BATCH.counts(), step);
            List<float[]> gradients = new ArrayList<>();
            for (Slot slot : objective.parameters().slots()) {
                gradients.add(read(slot.gradients(), slot));
            }
            return new Step(figures, objective.evaluate(BATCH, step), gradients);
        }
    }

    /** One is an expression, the other the kernel. */
    @ParameterizedTest
    @EnumSource(Lowering.class)
    void theLikelihoodAloneIsSoftQWithoutLambda(Lowering lowering) {
        Step expected = step(lowering, 0, model -> new SoftQ(model.graph(), SoftQConfig.defaults().with(c -> c.lambda(0))));
        Step seen = step(lowering, 0, model -> new LogitsObjective(model.graph(), rows -> List.of(Term.of("nll", rows.nll(), 1))));
        assertEquals(expected.figures.value("nll"), seen.figures.value("nll"), 1e-5);
        assertEquals(seen.figures.loss(), seen.evaluated.loss(), 1e-5);
        assertClose(expected.gradients, seen.gradients, 1);
    }

    /** Weights are of the step: at step 3 the second term is three times half the first, twice over. */
    @ParameterizedTest
    @EnumSource(Lowering.class)
    void termsAddUpByTheWeightsOfTheStep(Lowering lowering) {
        Step once = step(lowering, 0, model -> new LogitsObjective(model.graph(), rows -> List.of(Term.of("nll", rows.nll(), 1))));
        Step more = step(lowering, 3, model -> new LogitsObjective(model.graph(), rows -> List.of(Term.of("nll", rows.nll(), 1),
                new Term("again", rows.nll().mul(0.5), s -> s))));
        assertEquals(2.5 * once.figures.loss(), more.figures.loss(), 1e-4);
        assertClose(once.gradients, more.gradients, 2.5);
    }

    @ParameterizedTest
    @EnumSource(Lowering.class)
    void theEntropyIsThatOfSoftQ(Lowering lowering) {
        Step expected = step(lowering, 0, model -> new SoftQ(model.graph(), SoftQConfig.defaults()));
        Step seen = step(lowering, 0, model -> new LogitsObjective(model.graph(), rows -> List.of(Term.of("entropy", rows.entropy(), -0.1))));
        assertEquals(expected.figures.value("entropy"), seen.figures.value("entropy"), 1e-5);
        assertEquals(-0.1 * seen.figures.value("entropy"), seen.figures.loss(), 1e-12);
    }

    /** Along the gradient of each parameter the loss changes by its norm: central differences of the loss itself. */
    @ParameterizedTest
    @EnumSource(Lowering.class)
    void theGradientOfTheEntropyIsThatOfCentralDifferences(Lowering lowering) {
        try (LanguageModel model = LanguageModel.create(SIZE, 5, lowering);
                Objective objective = new LogitsObjective(model.graph(), rows -> List.of(Term.of("entropy", rows.entropy(), -0.1)))) {
            objective.accumulate(BATCH, BATCH.counts(), 0);
            double whole = Math.sqrt(objective.parameters().slots().stream().mapToDouble(slot -> squares(read(slot.gradients(), slot))).sum());
            assertTrue(whole > 1e-3, "norm of the gradient " + whole);
            for (Slot slot : objective.parameters().slots()) {
                float[] gradient = read(slot.gradients(), slot);
                double norm = Math.sqrt(squares(gradient));
                if (norm > 1e-3 * whole) {    // a bias of the keys changes nothing
                    assertEquals(norm, slope(objective, slot, gradient, norm), 2e-3 * whole, slot.name());
                }
            }
        }
    }

    @Test
    void namesThatCannotBeKeysAreRefusedWhenItIsMade() {
        assertTrue(refusal("nll", "nll").startsWith("each figure needs a name of its own; 'loss' is their sum"), refusal("nll", "nll"));
        assertTrue(refusal("nll", "nll").endsWith("; names: nll, nll"));
        assertTrue(refusal("loss").endsWith("; names: loss"));
        assertTrue(refusal("nll", "learning_rate").endsWith("; names: nll, learning_rate"));
        for (String bad : List.of("", "Mean NLL", "nll-2", "2nd")) {
            assertEquals("a figure is called '" + bad + "'; names are keys in metrics.jsonl, such as label_smoothing", refusal("entropy", bad));
        }
        assertEquals("an objective needs a term", refusal());
    }

    private static String refusal(String... names) {
        try (LanguageModel model = LanguageModel.create(SIZE, 5, Lowering.STANDARD)) {
            return assertThrows(IllegalArgumentException.class, () -> new LogitsObjective(model.graph(),
                    rows -> Arrays.stream(names).map(name -> Term.of(name, rows.nll(), 1)).toList())).getMessage();
        }
    }

    /** With dropout: the second forward pass drops what the first dropped. */
    @ParameterizedTest
    @EnumSource(Lowering.class)
    void whatIsComputedAgainChangesNothingAndNeedsLessMemory(Lowering lowering) {
        Gpt2Config size = SIZE.with(c -> c.nLayer(4));
        TuningConfig tuning = TuningConfig.defaults().with(c -> c.dropout(0.2));
        Function<LogitsObjective.Rows, List<Term>> loss = rows -> List.of(Term.of("nll", rows.nll(), 1), Term.of("entropy", rows.entropy(), -0.1));
        List<Step> steps = new ArrayList<>();
        List<PlanReport> costs = new ArrayList<>();
        for (boolean again : new boolean[] {false, true}) {
            steps.add(step(size, tuning, lowering, 0, model -> {
                Objective objective = new LogitsObjective(model.graph(), loss, again);
                objective.dropoutKey(7);
                return objective;
            }));
            try (Objective outline = new LogitsObjective(LanguageModel.outline(size, lowering, tuning), loss, again);
                    LanguageModel model = LanguageModel.create(size, 5, lowering, tuning); Objective whole = new LogitsObjective(model.graph(), loss, again)) {
                costs.add(outline.costs(BatchShape.of(4, 16)).orElseThrow());
                assertEquals(whole.costs(BatchShape.of(4, 16)).orElseThrow().summary(), costs.get(costs.size() - 1).summary());
                assertEquals("an outline of a model has no weights to train", assertThrows(IllegalStateException.class, outline::parameters).getMessage());
            }
        }
        assertEquals(steps.get(0).figures, steps.get(1).figures);
        for (int i = 0; i < steps.get(0).gradients.size(); i++) {
            assertArrayEquals(steps.get(0).gradients.get(i), steps.get(1).gradients.get(i));
        }
        assertEquals(0, costs.get(0).recomputedOps());
        assertTrue(costs.get(1).recomputedOps() > 0);
        assertTrue(costs.get(1).arenaBytes() < 0.8 * costs.get(0).arenaBytes(), costs.get(0).summary() + "\n" + costs.get(1).summary());
    }

    private static double slope(Objective objective, Slot slot, float[] direction, double norm) {
        float[] values = read(slot.values(), slot);
        double[] losses = new double[2];
        for (int side = 0; side < 2; side++) {
            for (int i = 0; i < values.length; i++) {
                slot.values().put(i, (float) (values[i] + (side == 0 ? STEP : -STEP) * direction[i] / norm));
            }
            losses[side] = objective.evaluate(BATCH, 0).loss();
        }
        slot.values().put(0, values);
        return (losses[0] - losses[1]) / (2 * STEP);
    }

    private static float[] read(FloatBuffer buffer, Slot slot) {
        float[] values = new float[slot.size()];
        buffer.get(0, values);
        return values;
    }

    private static double squares(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += (double) value * value;
        }
        return sum;
    }

    private static void assertClose(List<float[]> expected, List<float[]> seen, double factor) {
        double norm = 0;
        double difference = 0;
        for (int i = 0; i < expected.size(); i++) {
            for (int k = 0; k < expected.get(i).length; k++) {
                double want = factor * expected.get(i)[k];
                norm += want * want;
                difference += (want - seen.get(i)[k]) * (want - seen.get(i)[k]);
            }
        }
        assertTrue(norm > 0);
        assertEquals(0, Math.sqrt(difference / norm), 1e-5);
    }
}
