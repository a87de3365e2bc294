package io.softq4j.model;

import io.softq4j.common.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A model configuration is the size of a language model of any supported family, as {@code config.json} gives it. */
public sealed interface ModelConfig permits Gpt2Config, GptNeoXConfig, LlamaConfig, T5Config {

    /** {@link #contextLength} of a model that no length is too long for. */
    int UNLIMITED = Integer.MAX_VALUE;

    /** {@code model_type} of Hugging Face, such as {@code gpt2}. */
    String modelType();

    /** V. */
    int vocabSize();

    /** D, the width of the residual stream. */
    int width();

    /** Longest sequence, in tokens; may be {@link #UNLIMITED}. */
    int contextLength();

    /** The key of {@code config.json} that gives {@link #contextLength}. */
    String contextKey();

    /** Blocks, of all stacks. */
    int layers();

    /** The key of {@code config.json} that gives {@link #layers}, or the first of them. */
    String layersKey();

    /** What is added to texts where prompts go to an encoder. */
    default Optional<EncoderDecoderTokens> encoderDecoder() {
        return Optional.empty();
    }

    /** Whether the output layer is the token embedding. */
    boolean tieWordEmbeddings();

    /** All its parameters, by what makes them as many; a tied output layer shares those of the token embedding. */
    List<ModelPart> parts();

    /** Number of trainable scalars. */
    default long parameters() {
        return parts().stream().mapToLong(ModelPart::scalars).reduce(0, Math::addExact);
    }

    /**
     * The size of the model in a directory. Of its weights only an output layer is looked at, which may differ from the embedding that
     * {@code config.json} ties it to.
     *
     * @param path the directory, or its {@code config.json}, or such a file of another name
     * @throws UserError if {@code config.json} is missing or malformed, of a family that cannot be built, or of a model that computes
     *                   something else than its family does here
     */
    static ModelConfig read(Path path) {
        ModelConfig config = Family.read(ConfigJson.open(path));
        return Files.isDirectory(path) ? OutputLayer.asStored(config, path) : config;
    }
}
