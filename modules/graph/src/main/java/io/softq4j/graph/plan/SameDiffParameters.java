package io.softq4j.graph.plan;

import io.softq4j.graph.machine.Floats;
import io.softq4j.graph.machine.Memory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Float32 variables of a SameDiff graph with a gradient array beside each. */
public final class SameDiffParameters implements Parameters, AutoCloseable {

    private final List<Slot> slots = new ArrayList<>();
    private final Map<String, INDArray> gradients = new LinkedHashMap<>();

    /** @param names the variables, in the order of {@link #slots()} */
    public SameDiffParameters(SameDiff graph, List<String> names) {
        for (String name : names) {
            INDArray values = graph.getVariable(name).getArr();
            INDArray gradient = Nd4j.zerosLike(values);
            gradients.put(name, gradient);
            List<Integer> shape = Arrays.stream(values.shape()).mapToObj(Math::toIntExact).toList();
            slots.add(new Slot(name, shape, Memory.floats(values), Memory.floats(gradient)));
        }
    }

    @Override
    public List<Slot> slots() {
        return List.copyOf(slots);
    }

    @Override
    public void zeroGradients() {
        slots.forEach(slot -> Floats.zero(slot.gradients()));
    }

    /** The array in which the gradient of each variable is added up, by the variable's name. */
    Map<String, INDArray> gradients() {
        return Collections.unmodifiableMap(gradients);
    }

    /** Frees the gradients; the variables stay. */
    @Override
    public void close() {
        gradients.values().forEach(INDArray::close);
    }
}
