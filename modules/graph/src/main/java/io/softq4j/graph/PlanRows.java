package io.softq4j.graph;

import io.softq4j.graph.kernel.RowValues;
import io.softq4j.graph.plan.Plan;
import io.softq4j.graph.plan.Port;
import java.util.List;

/** {@link RowValues} of the outputs of a plan, until its next run. */
final class PlanRows implements RowValues {

    private final Port value;
    private final Port chosen;
    private final Port entropy;
    private final List<Port> sums;
    private final List<float[]> inputs;
    private final int width;

    /** @param values names of V, q and H */
    PlanRows(Plan plan, List<String> values, List<String> sums, List<float[]> inputs, int width) {
        value = plan.port(values.get(0));
        chosen = plan.port(values.get(1));
        entropy = plan.port(values.get(2));
        this.sums = sums.stream().map(plan::port).toList();
        this.inputs = inputs;
        this.width = width;
    }

    @Override
    public double value(int row) {
        return value.get(row);
    }

    @Override
    public double chosen(int row) {
        return chosen.get(row);
    }

    @Override
    public double entropy(int row) {
        return entropy.get(row);
    }

    @Override
    public double sum(int index, int row) {
        return sums.get(index).get(row);
    }

    @Override
    public double input(int index, int row) {
        return inputs.get(index)[row];
    }

    @Override
    public int width() {
        return width;
    }
}
