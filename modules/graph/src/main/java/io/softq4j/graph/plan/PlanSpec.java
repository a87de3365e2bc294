package io.softq4j.graph.plan;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a plan of a graph is to compute.
 *
 * @param inputShapes    shape of each placeholder the outputs depend on, unless it declares all its extents itself
 * @param outputs        names of the values to keep
 * @param sums           names of the values that are added, at every run, to arrays of the caller instead of being kept
 * @param recomputation  which values of the forward pass are computed again for the backward pass; empty: none
 */
public record PlanSpec(Map<String, long[]> inputShapes, List<String> outputs, List<String> sums, Optional<Recomputation> recomputation) {

    /**
     * Gradient checkpointing (Chen et al. 2016, arXiv 1604.06174): of the forward pass only some values stay in memory; what else the
     * backward pass needs is computed again from them.
     *
     * @param lastForward name of a value computed by the last op of the forward pass
     * @param kept        names of the values that stay
     */
    public record Recomputation(String lastForward, Set<String> kept) {
    }

    public PlanSpec {
        inputShapes = Map.copyOf(inputShapes);
        outputs = List.copyOf(outputs);
        sums = List.copyOf(sums);
    }

    /** Nothing but these outputs. */
    public static PlanSpec of(Map<String, long[]> inputShapes, Collection<String> outputs) {
        return new PlanSpec(inputShapes, List.copyOf(outputs), List.of(), Optional.empty());
    }

    /** The same with values to be added to arrays of the caller. */
    public PlanSpec adding(Collection<String> names) {
        return new PlanSpec(inputShapes, outputs, List.copyOf(names), recomputation);
    }

    /** The same with part of the forward pass computed again. */
    public PlanSpec recomputing(Recomputation what) {
        return new PlanSpec(inputShapes, outputs, sums, Optional.of(what));
    }
}
