package io.softq4j.workflow;

import io.softq4j.common.Inputs;
import io.softq4j.common.UserError;
import io.softq4j.config.ConfigFile;
import io.softq4j.data.TokenizerConfig;
import io.softq4j.model.Gpt2Config;
import io.softq4j.model.ModelConfig;
import io.softq4j.tokens.Tokenizer;
import io.softq4j.tokens.huggingface.Tokenizers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a run starts from. */
public sealed interface Start {

    /** The file of a tokenizer in a model's directory. */
    String TOKENIZER = "tokenizer.json";
    Logger LOG = LoggerFactory.getLogger(Start.class);

    /** A GPT-2 of the size that the section {@code model} gives, its weights fresh from {@code training.seed}. */
    record Fresh() implements Start {
    }

    /**
     * A model of any family, its weights fresh from {@code training.seed}.
     *
     * @param path a {@code config.json} under any name, or the directory with it
     */
    record Sized(Path path) implements Start {
    }

    /** The weights of a model directory, a checkpoint or a run. */
    record Weights(Path path) implements Start {
    }

    /** A model where there is one, else a size where there is one, else the configuration's. */
    static Start of(Optional<Path> model, Optional<Path> configName) {
        return model.<Start>map(Weights::new).or(() -> configName.map(Sized::new)).orElseGet(Fresh::new);
    }

    /** What a run reads for it, which must stay as it is. */
    default Inputs inputs() {
        if (this instanceof Sized sized) {
            return Inputs.of(sized.path);
        }
        return this instanceof Weights weights ? ModelDirectory.inputs(weights.path) : Inputs.NONE;
    }

    /**
     * The size of the model before the data are known: of the section {@code model} the vocabulary may be left open.
     *
     * @param configured the section {@code model}
     * @throws UserError if there is no such model, or none that can be built
     */
    default ModelConfig size(Gpt2Config configured) {
        if (this instanceof Sized sized) {
            if (!Files.exists(sized.path)) {
                throw new UserError("--config-name: there is no file or directory " + sized.path + " (from " + Path.of("").toAbsolutePath()
                        + "). Give a config.json of Hugging Face, or a directory that holds one.");
            }
            return ModelConfig.read(sized.path);
        }
        return this instanceof Weights weights ? ModelDirectory.size(weights.path) : configured;
    }

    /**
     * The configuration for a corpus that is yet to be prepared: a model that is trained already brings its tokenizer.
     *
     * @throws UserError if the configuration names a file with other tokens
     */
    default ConfigFile withTokenizer(ConfigFile config) {
        if (!(this instanceof Weights weights)) {
            return config;
        }
        Path found = ModelDirectory.find(weights.path);
        Path holder = ModelDirectory.holder(found, TOKENIZER);
        if (!Files.exists(holder.resolve(TOKENIZER))) {
            return config;
        }
        TokenizerConfig given = config.section(TokenizerConfig.class);
        if (given.file() != null) {
            requireSameTokens(found, Tokenizers.load(holder), Tokenizers.load(Path.of(given.file())), "Leave tokenizer.file out: --model brings its own.");
            return config;
        }
        LOG.info("the tokenizer is that of --model {}{}", holder, config.states("tokenizer") ? "; the section tokenizer has no effect" : "");
        return config.with(TokenizerConfig.of(holder.toString()));
    }

    /**
     * The size of the model, nothing of it allocated.
     *
     * @param configured the section {@code model}
     * @throws UserError if there is no such model, or its vocabulary is smaller than that of the data
     */
    default ModelConfig size(Gpt2Config configured, Tokenizer tokenizer) {
        if (this instanceof Sized sized) {
            ModelConfig size = size(configured);
            requireVocabulary(size.vocabSize(), tokenizer, sized.path + " has vocab_size " + size.vocabSize(),
                    "Raise vocab_size in the file to at least " + tokenizer.vocabularySize() + ", or prepare the data with a smaller tokenizer.");
            return size;
        }
        String own = "Prepare the data with the model's own tokenizer: tokenizer.type: file, tokenizer.file: MODEL.";
        if (this instanceof Weights weights) {
            Path found = ModelDirectory.find(weights.path);
            ModelConfig size = ModelDirectory.size(found);
            requireVocabulary(size.vocabSize(), tokenizer, found + " has vocab_size " + size.vocabSize(), own);
            if (Files.exists(found.resolve(TOKENIZER))) {
                requireSameTokens(found, Tokenizers.load(found), tokenizer, own);
            }
            return size;
        }
        int size = configured.vocabSize() == 0 ? tokenizer.vocabularySize() : configured.vocabSize();
        requireVocabulary(size, tokenizer, "model.vocab_size is " + size + " (0 means the tokenizer's)", own);
        return configured.with(c -> c.vocabSize(size));
    }

    /** The model has learned what its own tokens mean; those that only one of the two has are no contradiction. */
    private static void requireSameTokens(Path model, Tokenizer own, Tokenizer ofData, String next) {
        for (int id = 0; id < Math.min(own.vocabularySize(), ofData.vocabularySize()); id++) {
            if (!own.tokenText(id).equals(ofData.tokenText(id))) {
                throw new UserError("the data were tokenised with another tokenizer than that of " + model + ": id " + id + " is '" + ofData.tokenText(id)
                        + "' in the data and '" + own.tokenText(id) + "' in the model. " + next);
            }
        }
    }

    private static void requireVocabulary(int size, Tokenizer tokenizer, String what, String next) {
        if (size < tokenizer.vocabularySize()) {
            throw new UserError(what + ", but the data were tokenised with ids up to " + (tokenizer.vocabularySize() - 1) + ". " + next);
        }
    }
}
