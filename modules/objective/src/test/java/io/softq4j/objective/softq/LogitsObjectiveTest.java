package io.softq4j.objective.softq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.graph.Lowering;
import io.softq4j.graph.plan.Parameters.Slot;
import io.softq4j.model.Gpt2Config;
import io.softq4j.model.LanguageModel;
import io.softq4j.objective.Batch;
import io.softq4j.objective.Figures;
import io.softq4j.objective.LogitsObjective;
import io.softq4j.objective.LogitsObjective.Term;
import io.softq4j.objective.Objective;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LogitsObjectiveTest {

    private static final Batch BATCH = Sequence.padded(Sequence.samples(), 9, 0);

    private record Step(Figures figures, Figures evaluated, List<float[]> gradients) {
    }

    private static Step step(Lowering lowering, long step, Function<LanguageModel, Objective> make) {
        Gpt2Config size = Gpt2Config.defaults().with(c -> c.vocabSize(11).nPositions(16).nEmbd(8).nLayer(1).nHead(2).initializerRange(0.3));
        try (LanguageModel model = LanguageModel.create(size, 5, lowering); Objective objective = make.apply(model)) {
            Figures figures = objective.accumulate(BATCH, BATCH.counts(), step);
            List<float[]> gradients = new ArrayList<>();
            for (Slot slot : objective.parameters().slots()) {
                float[] values = new float[slot.size()];
                slot.gradients().get(0, values);
                gradients.add(values);
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
