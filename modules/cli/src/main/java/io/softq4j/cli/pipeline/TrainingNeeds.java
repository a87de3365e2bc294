package io.softq4j.cli.pipeline;

import io.softq4j.graph.Lowering;
import io.softq4j.graph.PlanReport;
import io.softq4j.model.LanguageModel;
import io.softq4j.model.ModelConfig;
import io.softq4j.model.ModelGraph;
import io.softq4j.objective.BatchShape;
import io.softq4j.objective.SoftQ;
import io.softq4j.objective.SoftQConfig;
import io.softq4j.training.TrainingMemory;
import java.util.ArrayList;
import java.util.List;

/**
 * Memory that training a model needs, for batches of one row, two, four and so on, from plans that are made and not run.
 *
 * @param available bytes that are free on this machine
 * @param batches   by length, then by rows, up to the first size that does not fit
 */
record TrainingNeeds(long available, List<Batch> batches) {

    /** What trains, and so has gradients and the optimiser's averages. */
    static final String OPTIMIZER = "AdamW, all weights";

    private static final int MOST_ROWS = 64;

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

    /** At one length. */
    static TrainingNeeds at(ModelConfig model, int length, long available) {
        return new TrainingNeeds(available, atLength(model, length, available));
    }

    /** At the length of the context, of source and response alike, and, where not even one row of it fits, at the longest half, quarter, ... of it that does. */
    static TrainingNeeds of(ModelConfig model, long available) {
        int longest = model.contextLength() == ModelConfig.UNLIMITED ? USUAL_LENGTH : model.contextLength();
        List<Batch> batches = new ArrayList<>(atLength(model, longest, available));
        Batch first = batches.get(0);
        boolean hopeless = first.plain.total() - first.plain.activations() > available;
        for (int length = first.length / 2; !hopeless && batches.size() == 1 && length >= 2 && !first.fits(available); length /= 2) {
            if (batch(model, 1, length).fits(available)) {
                batches.addAll(atLength(model, length, available));
            }
        }
        return new TrainingNeeds(available, batches);
    }

    private static List<Batch> atLength(ModelConfig model, int length, long available) {
        List<Batch> batches = new ArrayList<>();
        for (int rows = 1; rows <= MOST_ROWS; rows *= 2) {
            batches.add(batch(model, rows, length));
            if (!batches.get(batches.size() - 1).fits(available)) {
                break;
            }
        }
        return batches;
    }

    private static Batch batch(ModelConfig model, int rows, int length) {
        return new Batch(rows, length, memory(model, rows, length, false), memory(model, rows, length, true));
    }

    /** As a run plans it before it begins; the objective's numbers do not change what it needs. */
    private static TrainingMemory memory(ModelConfig model, int rows, int length, boolean checkpointing) {
        ModelGraph graph = LanguageModel.outline(model, Lowering.best());
        PlanReport plan = SoftQ.explain(graph, SoftQConfig.defaults(), checkpointing,
                new BatchShape(rows, length, model.decoderStartId().isPresent() ? length : 0));
        return TrainingMemory.of(graph.parameterCount(), graph.trainableCount(), plan.arenaBytes() + plan.inputBytes(), rows, length);
    }
}
