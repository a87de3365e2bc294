package io.softq4j.tokens;

import java.nio.file.Path;
import java.util.OptionalInt;

/** Text to token ids and back. Implementations are immutable and safe to share between threads. */
public interface Tokenizer {

    /**
     * Ids of {@code text}; no special token is added, and text that spells a special token becomes that token.
     *
     * @throws io.softq4j.common.UserError if the text has a lone surrogate
     */
    int[] encode(String text);

    /**
     * Text of {@code ids}, special tokens left out. Bytes that are not UTF-8 become U+FFFD.
     *
     * @throws IllegalArgumentException if an id is not in the vocabulary
     */
    String decode(int[] ids);

    /** One more than the largest id. */
    int vocabularySize();

    /** The id that ends a response. */
    int eosId();

    /** The id of {@code token} as spelled in the vocabulary, if it has one. */
    OptionalInt idOf(String token);

    /**
     * Writes {@code tokenizer.json} (Hugging Face format) and {@code tokenizer_config.json} into {@code directory}; what was loaded
     * from such files is written back as it was.
     */
    void save(Path directory);
}
