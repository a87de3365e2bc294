package io.softq4j.sweep;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.math3.distribution.UniformRealDistribution;
import org.deeplearning4j.arbiter.optimize.api.ParameterSpace;
import org.deeplearning4j.arbiter.optimize.distribution.LogUniformDistribution;
import org.deeplearning4j.arbiter.optimize.parameter.continuous.ContinuousParameterSpace;
import org.deeplearning4j.arbiter.optimize.parameter.discrete.DiscreteParameterSpace;

/**
 * The space of a sweep in Arbiter's terms: one leaf per configuration key, in the order written, and one for the seed under {@code "seed"}, last.
 * It maps a point of the unit cube, one coordinate a leaf, to {key: value}. The map is a LinkedHashMap of scalars because Arbiter serialises its
 * candidates. A leaf of one value has a coordinate too, which Arbiter's own grid would not give; {@link TrialPlan} does.
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
            leaf.setIndices(index++);
            leaves.put(entry.getKey(), leaf);
        }
    }

    private static ParameterSpace leaf(Space space) {
        if (space instanceof Space.Values v) {
            return new DiscreteParameterSpace<>(v.values());
        }
        Space.Range range = (Space.Range) space;
        return new ContinuousParameterSpace(range.scale() == Space.Scale.LOG ? new LogUniformDistribution(range.min(), range.max())
                : new UniformRealDistribution(range.min(), range.max()));
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
        return leaves.size();
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
