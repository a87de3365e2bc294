package io.softq4j.objective;

import io.softq4j.graph.plan.Plan;
import io.softq4j.model.ModelGraph;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** This class writes a {@link Batch} into the inputs of a {@link ModelGraph}, which every objective does before it runs a plan. */
public final class BatchInputs {

    private BatchInputs() {
    }

    /**
     * Refuses a batch that the model cannot read or has no such tokens for.
     *
     * @throws IllegalArgumentException if there is an encoder and no source, or a source and no encoder, or a target is outside the vocabulary
     */
    public static void requireReadable(Batch batch, ModelGraph model) {
        if (model.readsSource() != batch.source().isPresent()) {
            throw new IllegalArgumentException(model.readsSource() ? "the model has an encoder, the batch no source for it"
                    : "the batch has a source, the model no encoder to read it");
        }
        for (int target : batch.targets()) {
            if (target < 0 || target >= model.vocabulary()) {
                throw new IllegalArgumentException("target " + target + " is outside the vocabulary of " + model.vocabulary());
            }
        }
    }

    /** Shapes of the model's inputs, by name; more may be added. */
    public static Map<String, long[]> shapes(BatchShape shape) {
        long[] tokens = {shape.rows(), shape.length()};
        long[] source = {shape.rows(), shape.sourceLength()};
        Map<String, long[]> shapes = new LinkedHashMap<>();
        for (String name : List.of(ModelGraph.INPUT_IDS, ModelGraph.POSITION_IDS, ModelGraph.ATTENTION_MASK)) {
            shapes.put(name, tokens);
        }
        if (shape.sourceLength() > 0) {
            for (String name : List.of(ModelGraph.SOURCE_IDS, ModelGraph.SOURCE_POSITION_IDS, ModelGraph.SOURCE_ATTENTION_MASK)) {
                shapes.put(name, source);
            }
        }
        return shapes;
    }

    /** Writes what the model reads. */
    public static void write(Plan plan, Batch batch) {
        write(plan, ModelGraph.INPUT_IDS, batch.inputIds());
        write(plan, ModelGraph.POSITION_IDS, batch.positionIds());
        write(plan, ModelGraph.ATTENTION_MASK, batch.segmentIds());
        batch.source().ifPresent(source -> {
            write(plan, ModelGraph.SOURCE_IDS, source.inputIds());
            write(plan, ModelGraph.SOURCE_POSITION_IDS, source.positionIds());
            write(plan, ModelGraph.SOURCE_ATTENTION_MASK, source.segmentIds());
        });
    }

    /** Writes an input, if the plan reads it. */
    public static void write(Plan plan, String name, int[] values) {
        if (plan.hasInput(name)) {
            plan.write(name, values);
        }
    }

    /** Writes an input, if the plan reads it. */
    public static void write(Plan plan, String name, float[] values) {
        if (plan.hasInput(name)) {
            plan.write(name, values);
        }
    }
}
