package io.softq4j.workflow;

import io.softq4j.model.ModelGraph;
import io.softq4j.objective.Objective;
import io.softq4j.objective.ObjectiveSettings;

/** Makes an objective of an application's own over a model, see {@link Train#objective}. */
@FunctionalInterface
public interface ObjectiveMaker {

    /**
     * The objective, which is closed when the run ends.
     *
     * @param graph                 the model, whose parameters train
     * @param settings              the section {@code objective}; {@code settings.over(graph, gradientCheckpointing)} is what it describes
     * @param gradientCheckpointing whether {@code training.gradient_checkpointing} is set
     */
    Objective make(ModelGraph graph, ObjectiveSettings settings, boolean gradientCheckpointing);
}
