package io.softq4j.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.softq4j.common.UserError;
import io.softq4j.graph.Lowering;
import io.softq4j.graph.kernel.Memory;
import io.softq4j.model.weights.Safetensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A GPT-2 model in float32: its configuration and its graph. Lives in a directory as Hugging Face keeps it: {@code config.json} and
 * {@code model.safetensors}.
 */
public final class LanguageModel implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Fields of {@code config.json} that change what is computed, with the only value this family is built for. */
    private static final Map<String, String> FIXED = new TreeMap<>(Map.of("activation_function", "gelu_new", "scale_attn_weights", "true",
            "scale_attn_by_inverse_layer_idx", "false", "reorder_and_upcast_attn", "false", "add_cross_attention", "false",
            "tie_word_embeddings", "true"));

    /** Tensors some exporters add that hold nothing to learn: causal masks, and the tied output layer once more. */
    private static final String REDUNDANT = "(transformer\\.)?h\\.\\d+\\.attn\\.(masked_)?bias|lm_head\\.weight";

    private final Gpt2Config config;
    private final ModelGraph graph;

    private LanguageModel(Gpt2Config config, ModelGraph graph) {
        this.config = config;
        this.graph = graph;
    }

    /** Fresh weights from {@code seed}. */
    public static LanguageModel create(Gpt2Config config, long seed, Lowering lowering) {
        return new LanguageModel(config, Gpt2.build(config, seed, lowering, DataType.FLOAT));
    }

    /**
     * Reads a model directory.
     *
     * @throws UserError if a file is missing or malformed, the configuration is of another family, or a tensor is missing, left over or of another
     *                   shape
     */
    public static LanguageModel load(Path directory, Lowering lowering) {
        Gpt2Config config = config(directory);
        ModelGraph graph = Gpt2.build(config, Weights.zero(DataType.FLOAT), lowering, DataType.FLOAT);
        Path file = directory.resolve("model.safetensors");
        try (Safetensors tensors = Safetensors.open(file)) {
            // Hugging Face saves GPT2LMHeadModel with the prefix and GPT2Model without
            boolean prefixed = tensors.names().stream().anyMatch(name -> name.startsWith("transformer."));
            Set<String> unexpected = new TreeSet<>(tensors.names());
            unexpected.removeIf(name -> name.matches(REDUNDANT));
            for (String name : graph.parameters()) {
                String stored = prefixed ? name : name.substring("transformer.".length());
                INDArray array = graph.graph().getVariable(name).getArr();
                List<Integer> shape = Arrays.stream(array.shape()).mapToObj(Math::toIntExact).toList();
                tensors.read(stored, shape, Memory.floats(array));
                unexpected.remove(stored);
            }
            if (!unexpected.isEmpty()) {
                throw new UserError(file + " holds tensors the model of config.json has no place for: " + String.join(", ", unexpected)
                        + ". The two files belong to different models.");
            }
        }
        return new LanguageModel(config, graph);
    }

    /** The same weights, shared, in a graph of standard ops, as the exporter needs. */
    public ModelGraph standardGraph() {
        return Gpt2.build(config, Weights.of(graph.graph()), Lowering.STANDARD, DataType.FLOAT);
    }

    /** One decoding step with the same weights, shared, in standard ops, as the exporter needs. */
    public DecoderGraph standardDecoder() {
        return Gpt2.decoder(config, graph, Lowering.STANDARD);
    }

    /** Its size. */
    public Gpt2Config config() {
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

    /** Writes {@code config.json} as Hugging Face's {@code GPT2Config} reads it. */
    public void writeConfig(Path directory, int eosId) throws IOException {
        ObjectNode json = JSON.createObjectNode();
        json.putArray("architectures").add("GPT2LMHeadModel");
        json.put("model_type", "gpt2");
        json.put("vocab_size", config.vocabSize());
        json.put("n_positions", config.nPositions());
        json.put("n_embd", config.nEmbd());
        json.put("n_layer", config.nLayer());
        json.put("n_head", config.nHead());
        json.put("layer_norm_epsilon", config.layerNormEpsilon());
        json.put("initializer_range", config.initializerRange());
        json.put("activation_function", "gelu_new");
        json.put("attn_pdrop", 0.0).put("embd_pdrop", 0.0).put("resid_pdrop", 0.0);
        json.put("tie_word_embeddings", true);
        json.put("bos_token_id", eosId).put("eos_token_id", eosId);
        json.put("torch_dtype", "float32");
        Files.writeString(directory.resolve("config.json"), json.toPrettyString() + "\n");
    }

    /** Frees the weights, those of {@link #standardGraph} too; what was made from this model must not be used afterwards. */
    @Override
    public void close() {
        graph.parameters().forEach(name -> graph.graph().getVariable(name).getArr().close());
    }

    /**
     * The size of the model in a directory, without its weights.
     *
     * @throws UserError if {@code config.json} is missing or malformed, or the configuration is of another family
     */
    public static Gpt2Config config(Path directory) {
        Path file = directory.resolve("config.json");
        if (!Files.isRegularFile(file)) {
            throw new UserError("no model in " + directory + ": it has no config.json. A finished run keeps its model in RUN/model, a checkpoint in "
                    + "RUN/checkpoint-STEP.");
        }
        JsonNode json;
        try {
            json = JSON.readTree(file.toFile());
        } catch (IOException e) {
            throw new UserError(file + " is not valid JSON: " + e.getMessage(), e);
        }
        String family = json.path("model_type").asText("");
        if (!family.equals("gpt2")) {
            throw new UserError(file + ": model_type is '" + family + "', only 'gpt2' can be loaded.");
        }
        FIXED.forEach((key, value) -> {
            if (json.hasNonNull(key) && !json.get(key).asText().equals(value)) {
                throw new UserError(file + ": " + key + " is " + json.get(key) + ", only " + value + " is supported; another value would "
                        + "compute another model.");
            }
        });
        if (json.hasNonNull("n_inner") && json.get("n_inner").asInt() != 4 * json.path("n_embd").asInt()) {
            throw new UserError(file + ": n_inner is " + json.get("n_inner") + ", only 4 n_embd is supported.");
        }
        try {
            return new Gpt2Config(integer(json, "vocab_size", file), integer(json, "n_positions", file), integer(json, "n_embd", file),
                    integer(json, "n_layer", file), integer(json, "n_head", file), json.path("layer_norm_epsilon").asDouble(1e-5),
                    json.path("initializer_range").asDouble(0.02));
        } catch (UserError e) {
            throw e.getMessage().startsWith(file.toString()) ? e : new UserError(file + ": " + e.getMessage(), e);
        }
    }

    private static int integer(JsonNode json, String key, Path file) {
        if (!json.path(key).canConvertToInt()) {
            throw new UserError(file + ": " + key + " is missing or not a whole number.");
        }
        return json.get(key).asInt();
    }
}
