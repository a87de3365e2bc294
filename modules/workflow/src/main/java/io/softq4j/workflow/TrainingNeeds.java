package io.softq4j.workflow;

import io.softq4j.graph.Lowering;
import io.softq4j.graph.plan.PlanReport;
import io.softq4j.model.LanguageModel;
import io.softq4j.model.ModelConfig;
import io.softq4j.model.ModelGraph;
import io.softq4j.model.TuningConfig;
import io.softq4j.objective.BatchShape;
import io.softq4j.objective.Objective;
import io.softq4j.objective.ObjectiveSettings;
import io.softq4j.training.TrainingConfig;
import io.softq4j.training.optim.OptimizerSettings;
import io.softq4j.training.run.TrainingMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Memory that training a model needs, for batches of one row, two, four and so on, from plans that are made and not run.
 *
 * @param available bytes that are free on this machine
 * @param batches   by length, then by rows, up to the first size that does not fit
 */
record TrainingNeeds(long available, List<Batch> batches) {

    private static final int MOST_ROWS = 64;

    /** The default. */
    private static final OptimizerSettings OPTIMIZER = TrainingConfig.defaults().optimizer();
    private static final ObjectiveSettings OBJECTIVE = Sections.OBJECTIVE;

    /** Tokens of a row where the context is without limit: what T5 was trained with. */
    private static final int USUAL_LENGTH = 512;

    /**
     * A size of micro-batch.
     *
     * @param rows          as {@code per_device_train_batch_size}
     * @param length        tokens of a row
     * @param plain         what it needs as it is
     * @param checkpointing what it needs with {@code gradient_checkpointing}
     */
    record Batch(int rows, int length, TrainingMemory plain, TrainingMemory checkpointing) {

        boolean fits(long available) {
            return Math.min(plain.total(), checkpointing.total()) <= available;
        }
    }

    /**
     * Plans.
     *
     * @param tuning what trains, and so has gradients and the optimiser's averages
     * @param length of a row, of source and response alike; empty: the context and, where not even one row of it fits, the longest half, quarter, ...
     *               of it that does too
     * @throws io.softq4j.common.UserError if no machine has the memory
     */
    static TrainingNeeds of(ModelConfig model, TuningConfig tuning, OptionalInt length, long available) {
        LeastMemory.requirePossible(model, tuning, OPTIMIZER);
        int longest = length.orElse(model.contextLength() == ModelConfig.UNLIMITED ? USUAL_LENGTH : model.contextLength());
        Planner planner = new Planner(model, tuning, available);
        List<Batch> batches = new ArrayList<>(planner.atLength(longest));
        Batch first = batches.get(0);
        boolean hopeless = first.plain.total() - first.plain.activations() > available;
        boolean more = length.isEmpty() && !hopeless && batches.size() == 1 && !first.fits(available);
        for (int shorter = longest / 2; more && batches.size() == 1 && shorter >= 2; shorter /= 2) {
            if (planner.batch(1, shorter).fits(available)) {
                batches.addAll(planner.atLength(shorter));
            }
        }
        return new TrainingNeeds(available, batches);
    }

    private record Planner(ModelConfig model, TuningConfig tuning, long available) {

        List<Batch> atLength(int length) {
            List<Batch> batches = new ArrayList<>();
            for (int rows = 1; rows <= MOST_ROWS; rows *= 2) {
                batches.add(batch(rows, length));
                if (!batches.get(batches.size() - 1).fits(available)) {
                    break;
                }
            }
            return batches;
        }

        Batch batch(int rows, int length) {
            return new Batch(rows, length, memory(rows, length, false), memory(rows, length, true));
        }

        /** As a run plans it before it begins; the objective's numbers do not change what it needs. */
        private TrainingMemory memory(int rows, int length, boolean checkpointing) {
            ModelGraph graph = LanguageModel.outline(model, Lowering.best(), tuning);
            PlanReport plan;
            try (Objective objective = OBJECTIVE.over(graph, checkpointing)) {
                plan = objective.costs(new BatchShape(rows, length, model.encoderDecoder().isPresent() ? length : 0)).orElseThrow();
            }
            return TrainingMemory.of(graph.parameterCount(), graph.trainableCount(), OPTIMIZER, plan.arenaBytes() + plan.inputBytes(), rows, length);
        }
    }
}
