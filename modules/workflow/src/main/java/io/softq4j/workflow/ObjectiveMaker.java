package io.softq4j.workflow;

import io.softq4j.model.ModelGraph;
import io.softq4j.objective.Objective;
import io.softq4j.objective.softq.SoftQConfig;

/** Makes an objective of an application's own over a model, see {@link Train#objective}. */
@FunctionalInterface
public interface ObjectiveMaker {

    /**
     * The objective, which is closed when the run ends.
     *
     * @param graph                 the model, whose parameters train
     * @param settings              the section {@code objective}; {@code new SoftQ(graph, settings, gradientCheckpointing)} is what it describes
     * @param gradientCheckpointing whether {@code training.gradient_checkpointing} is set
     */
    Objective make(ModelGraph graph, SoftQConfig settings, boolean gradientCheckpointing);
}
