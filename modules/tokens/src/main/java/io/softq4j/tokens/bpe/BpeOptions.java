package io.softq4j.tokens.bpe;

import io.softq4j.common.Drafts;
import io.softq4j.common.UserError;
import java.util.HashSet;
import java.util.List;
import java.util.function.Consumer;

/**
 * What {@link BpeTrainer} makes.
 *
 * @param vocabSize      number of ids wanted: special tokens, 256 bytes, then merges; a small corpus may not reach it
 * @param minFrequency   a pair that occurs less often is not merged
 * @param specialTokens  ids from 0 on, never split and never part of a merge; the first is EOS and padding
 * @param modelMaxLength what {@code tokenizer_config.json} tells other software about the longest text, in tokens
 * @param nfc            whether text is brought into Normalization Form C, in training and ever after: then a letter and its accent have
 *                       the same tokens however they were typed, and decoding gives the composed letter
 */
public record BpeOptions(int vocabSize, int minFrequency, List<String> specialTokens, int modelMaxLength, boolean nfc) {

    public static final String END_OF_TEXT = "<|endoftext|>";

    public BpeOptions {
        specialTokens = List.copyOf(specialTokens);
        if (specialTokens.isEmpty()) {
            throw new UserError("special_tokens is empty; the first special token ends a response (EOS), for example " + END_OF_TEXT);
        }
        if (new HashSet<>(specialTokens).size() < specialTokens.size()) {
            throw new UserError("special_tokens names a token twice: " + specialTokens);
        }
        for (String token : specialTokens) {
            if (token.length() < 2 || !token.chars().allMatch(c -> c > ' ' && c < 127)) {
                throw new UserError("special token \"" + token + "\" must be two or more printable ASCII characters without spaces, "
                        + "such as "
                        + END_OF_TEXT);
            }
        }
        int least = specialTokens.size() + 256;
        if (vocabSize < least) {
            throw new UserError("vocab_size must be at least " + least + " (" + specialTokens.size()
                    + " special tokens and 256 bytes), was "
                    + vocabSize);
        }
        if (minFrequency < 1) {
            throw new UserError("min_frequency must be at least 1, was " + minFrequency);
        }
        if (modelMaxLength < 1) {
            throw new UserError("model_max_length must be at least 1, was " + modelMaxLength);
        }
    }

    /** The components by name, to be set; see {@link #with}. Each method is documented at the parameter of its name. */
    public interface Draft {

        Draft vocabSize(int value);

        Draft minFrequency(int value);

        Draft specialTokens(List<String> value);

        Draft modelMaxLength(int value);

        Draft nfc(boolean value);
    }

    /** 4096 ids, merges of pairs seen twice or more, {@code <|endoftext|>}, text as it is. */
    public static BpeOptions defaults() {
        return Drafts.make(BpeOptions.class, Draft.class, c -> c.vocabSize(4096).minFrequency(2).specialTokens(List.of(END_OF_TEXT))
                .modelMaxLength(1024).nfc(false));
    }

    /** These options with what {@code change} sets. */
    public BpeOptions with(Consumer<Draft> change) {
        return Drafts.change(this, Draft.class, change);
    }
}
