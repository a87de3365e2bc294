package io.softq4j.model;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.softq4j.graph.Lowering;
import io.softq4j.graph.kernel.Memory;
import io.softq4j.model.weights.DType;
import io.softq4j.model.weights.WeightFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A language model in float32: its configuration and its graph. Lives in a directory as Hugging Face keeps it: {@code config.json} and
 * {@code model.safetensors}.
 */
public final class LanguageModel implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final ModelConfig config;
    private final ModelGraph graph;

    private LanguageModel(ModelConfig config, ModelGraph graph) {
        this.config = config;
        this.graph = graph;
    }

    /** Fresh weights from {@code seed}. */
    public static LanguageModel create(ModelConfig config, long seed, Lowering lowering) {
        return new LanguageModel(config, sequences(config, Weights.fresh(seed, DataType.FLOAT), lowering));
    }

    /** The graph of a model without its weights, to plan with: nothing is allocated for them, and it cannot be run. */
    public static ModelGraph outline(ModelConfig config, Lowering lowering) {
        return sequences(config, Weights.none(DataType.FLOAT), lowering);
    }

    private static ModelGraph sequences(ModelConfig config, Weights weights, Lowering lowering) {
        return Family.of(config).transformer(weights, lowering, DataType.FLOAT).sequences();
    }

    /**
     * Reads a model directory.
     *
     * @throws UserError if a file is missing or malformed, the configuration is of another family, or a tensor is missing, left over or of another
     *                   shape
     */
    public static LanguageModel load(Path directory, Lowering lowering) {
        ModelConfig config = ModelConfig.read(directory);
        try (WeightFiles tensors = WeightFiles.open(directory)) {
            WeightFit fit = WeightFit.of(config, tensors);
            fit.require(directory);
            ModelGraph graph = sequences(config, Weights.zero(DataType.FLOAT), lowering);
            fit.stored().forEach((name, stored) -> {
                INDArray array = graph.graph().getVariable(name).getArr();
                tensors.read(stored, Arrays.stream(array.shape()).mapToObj(Math::toIntExact).toList(), Memory.floats(array));
            });
            return new LanguageModel(config, graph);
        }
    }

    /** The same weights, shared, in a graph of standard ops, as the exporter needs. */
    public ModelGraph standardGraph() {
        return sequences(config, Weights.of(graph.graph()), Lowering.STANDARD);
    }

    /** One decoding step with the same weights, shared, in standard ops, as the exporter needs. */
    public DecoderGraph standardDecoder() {
        return decoder(Lowering.STANDARD);
    }

    /** One decoding step with the same weights, shared. */
    public DecoderGraph decoder(Lowering lowering) {
        return Family.of(config).transformer(Weights.of(graph.graph()), lowering, graph.type()).steps();
    }

    /** What the decoder of a model of encoder and decoder reads, with the same weights, shared. */
    public EncoderGraph encoder(Lowering lowering) {
        return Family.of(config).transformer(Weights.of(graph.graph()), lowering, graph.type()).encoder();
    }

    /** Its size. */
    public ModelConfig config() {
        return config;
    }

    /** Its graph, which holds the weights. */
    public ModelGraph graph() {
        return graph;
    }

    /** Number of trainable scalars. */
    public long parameterCount() {
        return graph.parameters().stream().mapToLong(name -> graph.graph().getVariable(name).getArr().length()).sum();
    }

    /**
     * Writes {@code config.json} as Hugging Face reads it.
     *
     * @param bosId begins a text; {@code eosId} where the tokenizer has no token for it
     */
    public void writeConfig(Path directory, int bosId, int eosId) throws IOException {
        writeConfig(directory, bosId, eosId, DType.F32);
    }

    /** The same beside weights of type {@code dtype}. */
    public void writeConfig(Path directory, int bosId, int eosId, DType dtype) throws IOException {
        ObjectNode json = JSON.createObjectNode();
        Family.of(config).write(json);
        json.put("bos_token_id", bosId).put("eos_token_id", eosId);
        json.put("torch_dtype", dtype.torchName());
        Files.writeString(directory.resolve("config.json"), json.toPrettyString() + "\n");
    }

    /** Frees the weights, those of {@link #standardGraph} too; what was made from this model must not be used afterwards. */
    @Override
    public void close() {
        graph.parameters().forEach(name -> graph.graph().getVariable(name).getArr().close());
    }
}
