package io.softq4j.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.softq4j.common.UserError;
import io.softq4j.graph.Lowering;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * What models of one architecture have in common: their graph, and how Hugging Face calls their tensors and the fields of their
 * configuration.
 */
sealed interface Family permits Gpt2Family, GptNeoXFamily, LlamaFamily, T5Family {

    /**
     * A model that a family can build.
     *
     * @param model  what it is, for people
     * @param reader from its {@code config.json} to its size
     */
    record Kind(SupportedModel model, Function<ConfigJson, ModelConfig> reader) {
    }

    /** All that can be built, family by family: what is not here can neither be read nor is it said to be. */
    static List<Kind> kinds() {
        return Stream.of(Gpt2Family.kinds(), GptNeoXFamily.kinds(), LlamaFamily.kinds(), T5Family.kinds()).flatMap(List::stream).toList();
    }

    /** Reads the configuration of a model of the family its {@code model_type} names. */
    static ModelConfig read(ConfigJson json) {
        String type = json.text("model_type", "");
        try {
            Kind known = kinds().stream().filter(kind -> kind.model().modelType().equals(type)).findFirst()
                    .orElseThrow(() -> json.error("model_type is '" + type + "', only "
                            + kinds().stream().map(kind -> kind.model().modelType()).collect(Collectors.joining(", "))
                            + " can be loaded."));
            ConfigFields.check(type, json);
            return known.reader().apply(json);
        } catch (UserError e) {
            throw json.in(e);
        }
    }

    /** The family of a model. */
    static Family of(ModelConfig config) {
        if (config instanceof GptNeoXConfig neox) {
            return new GptNeoXFamily(neox);
        }
        if (config instanceof LlamaConfig llama) {
            return new LlamaFamily(llama);
        }
        return config instanceof T5Config t5 ? new T5Family(t5) : new Gpt2Family((Gpt2Config) config);
    }

    /** A graph to be built. */
    Transformer transformer(Weights weights, Lowering lowering, DataType type);

    /** What the names of the tensors begin with, and do not where the file holds the model without its output layer. */
    String prefix();

    /**
     * The name that a parameter has in files: Hugging Face saves a model with its output layer with the prefix, and one without it without.
     */
    default String stored(String parameter, Set<String> names) {
        boolean prefixed = names.stream().anyMatch(name -> name.startsWith(prefix()));
        return prefixed || !parameter.startsWith(prefix()) ? parameter : parameter.substring(prefix().length());
    }

    /** Whether a tensor that is found in files holds nothing that the library reads. */
    boolean redundant(String tensor);

    /** The token embedding, {@code [V, D]}. */
    String embedding();

    /** The output layer as a tensor of its own, {@code [V, D]}. */
    String output();

    /** What is likely wrong with a configuration whose files have no output layer though it says that there is one. */
    default String headless() {
        return "config.json has tie_word_embeddings false, or leaves it out in a family where that means the same"
                + ", so the output layer is a tensor of its own. If it is the embedding, set tie_word_embeddings to true; else finish the "
                + "copy or the"
                + " download.";
    }

    /** Tensors that files may have though they repeat the embedding; one that differs from it is another model. */
    default Set<String> copies() {
        return config().tieWordEmbeddings() ? Set.of(output()) : Set.of();
    }

    /** The size. */
    ModelConfig config();

    /** The same with an output layer of its own. */
    ModelConfig untied();

    /** Adds the fields of the size to a configuration. */
    void write(ObjectNode json);
}
