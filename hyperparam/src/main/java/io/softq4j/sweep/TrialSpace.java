package io.softq4j.sweep;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.math3.distribution.UniformRealDistribution;
import org.deeplearning4j.arbiter.optimize.api.ParameterSpace;
import org.deeplearning4j.arbiter.optimize.distribution.LogUniformDistribution;
import org.deeplearning4j.arbiter.optimize.parameter.FixedValue;
import org.deeplearning4j.arbiter.optimize.parameter.continuous.ContinuousParameterSpace;
import org.deeplearning4j.arbiter.optimize.parameter.discrete.DiscreteParameterSpace;

/**
 * The space of a sweep in Arbiter's terms: one leaf per configuration key, in the order written, and one for the seed under {@code "seed"}, last.
 * It maps a point of the unit cube, one coordinate for each leaf with more than one value, to {key: value}. The map is a LinkedHashMap of scalars because Arbiter
 * serialises its candidates.
 */
@SuppressWarnings("rawtypes")
final class TrialSpace implements ParameterSpace<LinkedHashMap<String, Object>> {

    static final String SEED = "seed";

    private final Map<String, Space> spaces;
    private final Map<String, ParameterSpace> leaves = new LinkedHashMap<>();

    TrialSpace(SweepConfig config) {
        spaces = new LinkedHashMap<>(config.spaces());
        spaces.put(SEED, new Space.Values(List.copyOf(config.seeds())));
        int index = 0;
        for (Map.Entry<String, Space> entry : spaces.entrySet()) {
            ParameterSpace leaf = leaf(entry.getValue());
            if (leaf.numParameters() == 1) {
                leaf.setIndices(index++);
            }
            leaves.put(entry.getKey(), leaf);
        }
    }

    private static ParameterSpace leaf(Space space) {
        if (space instanceof Space.Values v) {
            // a DiscreteParameterSpace of one value asks for a coordinate that Arbiter's grid does not give
            return v.values().size() == 1 ? new FixedValue<>(v.values().get(0)) : new DiscreteParameterSpace<>(v.values());
        }
        Space.Range range = (Space.Range) space;
        return new ContinuousParameterSpace(range.scale() == Space.Scale.LOG ? new LogUniformDistribution(range.min(), range.max())
                : new UniformRealDistribution(range.min(), range.max()));
    }

    /** The point that lies at {@code unit[j]}, from 0 up to but not including 1, in the j-th space (the seed's is last): drops the coordinates of fixed values. */
    double[] point(double[] unit) {
        double[] point = new double[numParameters()];
        int from = 0;
        int to = 0;
        for (ParameterSpace leaf : leaves.values()) {
            if (leaf.numParameters() == 1) {
                point[to++] = unit[from];
            }
            from++;
        }
        return point;
    }

    @Override
    public LinkedHashMap<String, Object> getValue(double[] point) {
        LinkedHashMap<String, Object> values = new LinkedHashMap<>();
        leaves.forEach((key, leaf) -> {
            Object value = leaf.getValue(point);
            // exp(log(max)) can lie an ulp outside
            values.put(key, spaces.get(key) instanceof Space.Range r ? Math.min(r.max(), Math.max(r.min(), (Double) value)) : value);
        });
        return values;
    }

    @Override
    public int numParameters() {
        return leaves.values().stream().mapToInt(ParameterSpace::numParameters).sum();
    }

    @Override
    public List<ParameterSpace> collectLeaves() {
        return new ArrayList<>(leaves.values());
    }

    @Override
    public Map<String, ParameterSpace> getNestedSpaces() {
        return new LinkedHashMap<>(leaves);
    }

    @Override
    public boolean isLeaf() {
        return false;
    }

    @Override
    public void setIndices(int... indices) {
        throw new UnsupportedOperationException("the leaves have their indices from the constructor");
    }
}
