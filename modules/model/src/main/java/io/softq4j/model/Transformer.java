package io.softq4j.model;

import io.softq4j.graph.Graphs;
import io.softq4j.graph.Lowering;
import io.softq4j.graph.Ops;
import io.softq4j.graph.kernel.Activation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
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
    private final List<String> frozen = new ArrayList<>();
    private final List<LinearLayer> linears = new ArrayList<>();
    private int sites; // calls of dropout
    private TuningConfig tuning = TuningConfig.defaults();
    private Optional<Weights> adapters = Optional.empty();

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

    /**
     * Lets only some tensors train. To be called before the graph is built.
     *
     * @param config   without an effect for a graph of single steps, but for its adapters
     * @param adapters what the adapters get their values from; those of the model where nothing is given
     */
    final Transformer tuned(TuningConfig config, Optional<Weights> adapters) {
        tuning = config;
        this.adapters = adapters;
        return this;
    }

    /** Declares a parameter of this model, which trains or is frozen; see {@link Weights#declare}. */
    final SDVariable parameter(String name, double mean, double deviation, long... shape) {
        (tuning.trains(name) ? parameters : frozen).add(name);
        return weights.declare(graph, name, mean, deviation, shape);
    }

    /** All linear layers, in the order in which they were declared. */
    final List<LinearLayer> linears() {
        return List.copyOf(linears);
    }

    /** The graph of whole sequences, when all has been declared. @param output the product the logits are, where they are one */
    final ModelGraph model(int vocabulary, SDVariable logits, Optional<ModelGraph.Output> output) {
        List<String> tensors = new ArrayList<>(frozen);
        tensors.addAll(parameters);
        tuning.requireEffect(linears.stream().map(LinearLayer::name).toList(), tensors);
        return new ModelGraph(ops, type, vocabulary, List.copyOf(parameters), List.copyOf(frozen), logits, output, Set.copyOf(layers));
    }

    /**
     * x W^T + b of the linear layer {@code name}, and what its adapter adds: x {@code [N, in]}, weight {@code [out, in]}, result
     * {@code [N, out]}.
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
        boolean apart = activation != Activation.NONE && adapts(name); // an adapter reads f(x) too
        SDVariable read = apart ? ops.activation(x, activation) : x;
        SDVariable y = ops.linearTransposed(read, weight, bias ? parameter(name + ".bias", 0, 0, out) : null, apart ? Activation.NONE
                : activation);
        return adapted(new LinearLayer(name, in, out, false), read, y);
    }

    /** Whether a linear layer has an adapter. */
    final boolean adapts(String name) {
        return tuning.adapts(name);
    }

    /**
     * y, and where the layer has an adapter (Hu et al. 2021, eq. 3) what that adds: y + (lora_alpha / lora_r) x A^T B^T. Fresh adapters add
     * nothing, as B is 0; A is uniform within 1 / sqrt(in), as PyTorch and PEFT initialise it.
     *
     * @param x what the layer reads, {@code [N, in]}
     * @param y what it gives, {@code [N, out]}
     */
    final SDVariable adapted(LinearLayer layer, SDVariable x, SDVariable y) {
        linears.add(layer);
        if (!adapts(layer.name())) {
            return y;
        }
        Weights values = adapters.orElse(weights);
        int r = tuning.loraR();
        SDVariable a = values.declareUniform(graph, layer.loraA(), 1 / Math.sqrt(layer.in()), r, layer.in());
        SDVariable b = values.declare(graph, layer.loraB(), 0, 0, layer.out(), r);
        parameters.add(layer.loraA());
        parameters.add(layer.loraB());
        SDVariable middle = ops.linearTransposed(dropout(x, tuning.loraDropout(), sites++), a).mul(tuning.scaling()); // [N, r]
        return ops.add(y, ops.linearTransposed(middle, b));
    }

    /**
     * x, of which {@code tuning.dropout} is left out in training: for the embedding, and for what a part of a layer adds to the residual
     * stream.
     */
    final SDVariable dropped(SDVariable x) {
        return dropped(new SDVariable[] {x})[0];
    }

    /** Terms of a sum, of which all lose the same elements, so that it is the sum that loses them. */
    final SDVariable[] dropped(SDVariable... terms) {
        int site = sites++;
        return Arrays.stream(terms).map(term -> dropout(term, tuning.dropout(), site)).toArray(SDVariable[]::new);
    }

    private SDVariable dropout(SDVariable x, double rate, int site) {
        if (rate == 0) {
            return x;
        }
        SDVariable key = graph.hasVariable(ModelGraph.DROPOUT_KEY) ? graph.getVariable(ModelGraph.DROPOUT_KEY)
                : graph.placeHolder(ModelGraph.DROPOUT_KEY, DataType.INT, 1);
        return ops.dropout(x, rate, key, site);
    }
}
