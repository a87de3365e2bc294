package io.softq4j.data;

import io.softq4j.common.UserError;
import io.softq4j.tokens.BpeOptions;
import java.util.List;

/**
 * The tokenizer of a preparation.
 *
 * @param type          trained here or read from a file
 * @param vocabSize     ids of a trained one: special tokens, 256 bytes, merges
 * @param minFrequency  a pair of tokens seen less often is not merged
 * @param specialTokens of a trained one, never split; the first ends a text (EOS). A chat template by name adds its own
 * @param nfc           whether a trained one brings text into Unicode's normal form C first
 * @param file          {@code tokenizer.json} or its directory when {@code type} is FILE, else null
 */
public record TokenizerConfig(TokenizerType type, int vocabSize, int minFrequency, List<String> specialTokens, boolean nfc, String file) {

    public TokenizerConfig {
        specialTokens = List.copyOf(specialTokens);
        if (type == null) {
            throw new UserError("type must be train or file");
        }
        if (type == TokenizerType.FILE && file == null) {
            throw new UserError("file is not set: type file needs the path of a tokenizer.json");
        }
        if (type == TokenizerType.TRAIN && file != null) {
            throw new UserError("file is " + file + ", but type is train; set type to file to use it, or remove it to train one");
        }
        if (vocabSize < 257) {
            throw new UserError("vocab_size must be at least 257 (1 special token and 256 bytes), was " + vocabSize);
        }
        if (minFrequency < 1) {
            throw new UserError("min_frequency must be at least 1, was " + minFrequency);
        }
        if (specialTokens.isEmpty()) {
            throw new UserError("special_tokens is empty; the first of them ends a text (EOS), for example " + BpeOptions.END_OF_TEXT);
        }
    }

    public static TokenizerConfig defaults() {
        return new TokenizerConfig(TokenizerType.TRAIN, 4096, 2, List.of(BpeOptions.END_OF_TEXT), false, null);
    }

    /** A tokenizer read from {@code file}. */
    public static TokenizerConfig of(String file) {
        return new TokenizerConfig(TokenizerType.FILE, defaults().vocabSize, defaults().minFrequency, defaults().specialTokens, false, file);
    }

    public TokenizerConfig withVocabSize(int size) {
        return new TokenizerConfig(type, size, minFrequency, specialTokens, nfc, file);
    }
}
