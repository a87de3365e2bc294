package io.softq4j.model;

import io.softq4j.graph.Graphs;
import io.softq4j.graph.Lowering;
import io.softq4j.graph.Ops;
import io.softq4j.graph.kernel.Activation;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;

/** A graph of a transformer that is being built, and the parts all families are made of. */
abstract class Transformer {

    final SameDiff graph = Graphs.create();
    final Ops ops;
    final DataType type;

    /** Names of the values a layer starts from, for {@link ModelGraph#layers}. */
    final Set<String> layers = new LinkedHashSet<>();

    private final Weights weights;
    private final List<String> parameters = new ArrayList<>();

    Transformer(Weights weights, Lowering lowering, DataType type) {
        this.weights = weights;
        this.type = type;
        this.ops = new Ops(graph, lowering);
    }

    /** The graph of whole sequences. To be called once, and not with {@link #steps}. */
    abstract ModelGraph sequences();

    /** The graph that reads one new token a sequence. To be called once, and not with {@link #sequences}. */
    abstract DecoderGraph steps();

    /**
     * The graph that reads what the decoder of {@link #steps} attends to. To be called once, and with none of the others.
     *
     * @throws UnsupportedOperationException if the model has no encoder
     */
    EncoderGraph encoder() {
        throw new UnsupportedOperationException(getClass().getSimpleName() + " has no encoder");
    }

    /** Declares a parameter of this model; see {@link Weights#declare}. */
    final SDVariable parameter(String name, double mean, double deviation, long... shape) {
        parameters.add(name);
        return weights.declare(graph, name, mean, deviation, shape);
    }

    /** Names of all that was declared, in that order. */
    final List<String> parameters() {
        return List.copyOf(parameters);
    }

    /**
     * x W^T + b of the linear layer {@code name}: x {@code [N, in]}, weight {@code [out, in]}, result {@code [N, out]}.
     *
     * @param deviation of fresh weights
     * @param bias      whether there is a b, {@code [out]}
     */
    final SDVariable linear(String name, SDVariable x, int in, int out, double deviation, boolean bias) {
        return linear(name, x, Activation.NONE, in, out, deviation, bias);
    }

    /** f(x) W^T + b, as {@link #linear(String, SDVariable, int, int, double, boolean)} of an activation f of each element of x. */
    final SDVariable linear(String name, SDVariable x, Activation activation, int in, int out, double deviation, boolean bias) {
        SDVariable weight = parameter(name + ".weight", 0, deviation, out, in);
        return ops.linearTransposed(x, weight, bias ? parameter(name + ".bias", 0, 0, out) : null, activation);
    }
}
