package io.softq4j.model;

import io.softq4j.graph.Lowering;
import io.softq4j.graph.machine.Memory;
import io.softq4j.model.weights.Tensor;
import io.softq4j.model.weights.WeightFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A language model consists of a configuration and a graph with float32 weights. It is stored in a directory with the layout that Hugging
 * Face uses: {@code config.json} and {@code model.safetensors}.
 */
public final class LanguageModel implements AutoCloseable {

    private final ModelConfig config;
    private final TuningConfig tuning;
    private final ModelGraph graph;
    private final List<LinearLayer> linears;

    private LanguageModel(ModelConfig config, TuningConfig tuning, Weights weights, Optional<Weights> adapters, Lowering lowering) {
        Transformer transformer = Family.of(config).transformer(weights, lowering, DataType.FLOAT).tuned(tuning, adapters);
        this.config = config;
        this.tuning = tuning;
        this.graph = transformer.sequences();
        this.linears = transformer.linears();
    }

    /** Fresh weights from {@code seed}, of which all train. */
    public static LanguageModel create(ModelConfig config, long seed, Lowering lowering) {
        return create(config, seed, lowering, TuningConfig.defaults());
    }

    /** Fresh weights from {@code seed}. */
    public static LanguageModel create(ModelConfig config, long seed, Lowering lowering, TuningConfig tuning) {
        ModelPart.requireAddressable(config);
        return new LanguageModel(config, tuning, Weights.fresh(seed, DataType.FLOAT), Optional.empty(), lowering);
    }

    /** The graph of a model without its weights, to plan with: nothing is allocated for them, and it cannot be run. */
    public static ModelGraph outline(ModelConfig config, Lowering lowering) {
        return outline(config, lowering, TuningConfig.defaults());
    }

    /** As {@link #outline(ModelConfig, Lowering)}, of a model that trains as {@code tuning} says. */
    public static ModelGraph outline(ModelConfig config, Lowering lowering, TuningConfig tuning) {
        return new LanguageModel(config, tuning, Weights.none(DataType.FLOAT), Optional.empty(), lowering).graph();
    }

    /** The linear layers of a model, nothing of it allocated. */
    public static List<LinearLayer> linears(ModelConfig config) {
        return new LanguageModel(config, TuningConfig.defaults(), Weights.none(DataType.FLOAT), Optional.empty(), Lowering.best())
                .linears();
    }

    /** {@link #load(Path, Lowering, TuningConfig, long)} of a model of which all trains. */
    public static LanguageModel load(Path directory, Lowering lowering) {
        return load(directory, lowering, TuningConfig.defaults(), 0);
    }

    /**
     * Reads a model directory.
     *
     * @param seed of the adapters, which are fresh: they add nothing yet
     * @throws io.softq4j.common.UserError if a file is missing or malformed, the configuration is of another family, or a tensor is
     *                                     missing, left over or of another shape
     */
    public static LanguageModel load(Path directory, Lowering lowering, TuningConfig tuning, long seed) {
        ModelConfig config = ModelConfig.read(directory);
        try (WeightFiles tensors = WeightFiles.open(directory)) {
            WeightFit fit = WeightFit.of(config, tensors);
            fit.require(directory);
            Weights adapters = Weights.fresh(seed, DataType.FLOAT);
            LanguageModel model = new LanguageModel(config, tuning, Weights.zero(DataType.FLOAT), Optional.of(adapters), lowering);
            for (Tensor tensor : model.tensors()) {
                tensors.readFinite(fit.stored().get(tensor.name()), tensor.shape(), tensor.values());
            }
            return model;
        }
    }

    /** Names of the tensors of the model itself, as against adapters. */
    private List<String> tensorNames() {
        if (tuning.usePeft()) {
            return graph.frozen();
        }
        List<String> names = new ArrayList<>(graph.parameters());
        names.addAll(graph.frozen());
        return names;
    }

    /** The tensors of the model itself, as against adapters, as live memory. */
    public List<Tensor> tensors() {
        return tensorNames().stream().map(this::tensor).toList();
    }

    /** The tensors that keep their values in training, as live memory. */
    public List<Tensor> frozen() {
        return graph.frozen().stream().map(this::tensor).toList();
    }

    private Tensor tensor(String name) {
        INDArray array = array(name);
        return new Tensor(name, Arrays.stream(array.shape()).mapToObj(Math::toIntExact).toList(), Memory.floats(array));
    }

    /** The values of a tensor. */
    public INDArray array(String name) {
        return graph.graph().getVariable(name).getArr();
    }

    /** All linear layers. */
    public List<LinearLayer> linears() {
        return linears;
    }

    /** What trains. */
    public TuningConfig tuning() {
        return tuning;
    }

    /** The same weights, shared, in a graph of standard ops, as the exporter needs. */
    public ModelGraph standardGraph() {
        return transformer(Lowering.STANDARD).sequences();
    }

    /** One decoding step with the same weights, shared, in standard ops, as the exporter needs. */
    public DecoderGraph standardDecoder() {
        return decoder(Lowering.STANDARD);
    }

    /**
     * The same weights, shared, in a graph of sequences of its own, without dropout: something can be added to it that training does not
     * have.
     */
    public ModelGraph sequences(Lowering lowering) {
        return transformer(lowering).sequences();
    }

    /** One decoding step with the same weights, shared. */
    public DecoderGraph decoder(Lowering lowering) {
        return transformer(lowering).steps();
    }

    /** A graph to be built with the same weights and adapters, shared, and without dropout. */
    private Transformer transformer(Lowering lowering) {
        return Family.of(config).transformer(Weights.of(graph.graph()), lowering, graph.type()).tuned(tuning.withoutDropout(),
                Optional.empty());
    }

    /** What the decoder of a model of encoder and decoder reads, with the same weights, shared. */
    public EncoderGraph encoder(Lowering lowering) {
        return transformer(lowering).encoder();
    }

    /** Its size. */
    public ModelConfig config() {
        return config;
    }

    /** Its graph, which holds the weights. */
    public ModelGraph graph() {
        return graph;
    }

    /** Number of scalars, those of adapters too. */
    public long parameterCount() {
        return graph.parameterCount();
    }

    /**
     * Writes {@code config.json} of a model that comes from no directory, as Hugging Face reads it, beside float32 weights.
     *
     * @param bosId begins a text; {@code eosId} where the tokenizer has no token for it
     */
    public void writeConfig(Path directory, int bosId, int eosId) throws IOException {
        Files.writeString(directory.resolve(ConfigText.FILE), ConfigText.fresh(config, bosId, eosId).text());
    }

    /**
     * Writes {@code adapter_config.json} as PEFT reads it.
     *
     * @param base the directory of the model the adapters were trained on
     */
    public void writeAdapterConfig(Path directory, Path base) throws IOException {
        AdapterConfig.write(directory, this, base.toString());
    }

    /** Frees the weights, those of {@link #standardGraph} too; what was made from this model must not be used afterwards. */
    @Override
    public void close() {
        graph.parameters().forEach(name -> array(name).close());
        graph.frozen().forEach(name -> array(name).close());
    }
}
