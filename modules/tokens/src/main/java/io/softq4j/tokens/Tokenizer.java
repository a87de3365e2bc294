package io.softq4j.tokens;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** A tokenizer converts text to token ids and back. Implementations are immutable and safe to share between threads. */
public interface Tokenizer {

    /**
     * Ids of {@code text}; no special token is added, and text that spells a special token becomes that token.
     *
     * @throws io.softq4j.common.UserError if the text has a lone surrogate
     */
    int[] encode(String text);

    /**
     * Ids of {@code text} where it goes on after {@code before}, whose ids stay what they are: what both together have behind them, or, if
     * both together have other ids there, those of {@code text} where it begins apart.
     *
     * @param before may be empty
     * @param ids    of {@code before}
     * @throws io.softq4j.common.UserError if the text has a lone surrogate
     */
    Encoding encodeAfter(CharSequence before, int[] ids, String text);

    /**
     * Text of {@code ids}, special tokens left out. Bytes that are not UTF-8 become U+FFFD.
     *
     * @throws IllegalArgumentException if an id is not in the vocabulary
     */
    String decode(int[] ids);

    /**
     * One token for people to read: its text, a byte that is no whole character as {@code <0xE2>}, a special token as it is spelled.
     *
     * @throws IllegalArgumentException if the id is not in the vocabulary
     */
    String tokenText(int id);

    /** One more than the largest id. */
    int vocabularySize();

    /** The id that ends a response. */
    int eosId();

    /**
     * The id that must stand in front of a text that no chat template renders: the special token that the post-processor of
     * {@code tokenizer.json} puts there. {@code add_bos_token} of {@code tokenizer_config.json} alone puts none: transformers 5 does not
     * read it where there is a {@code tokenizer.json}.
     * {@link #encode} does not put it; {@link Rendering} does.
     */
    OptionalInt bosId();

    /** The id of {@code token} as spelled in the vocabulary, if it has one. */
    OptionalInt idOf(String token);

    /** Whether the id is that of an added token, which is found in text as it is spelled before anything is cut; special or not. */
    boolean isAdded(int id);

    /**
     * The spelling of {@code bos_token}, {@code eos_token} and the like, by their key in {@code tokenizer_config.json}; empty without it.
     */
    Map<String, String> specialTokens();

    /** The source of the chat template: {@code chat_template.jinja}, else {@code chat_template} of {@code tokenizer_config.json}. */
    Optional<String> chatTemplate();

    /**
     * Writes {@code tokenizer.json} (Hugging Face format) and {@code tokenizer_config.json} into {@code directory}; what was loaded
     * from such files is written back as it was, with what other software reads where it lay beside it: {@code special_tokens_map.json},
     * {@code added_tokens.json}, chat templates, and the vocabulary in other forms ({@code vocab.json}, {@code merges.txt},
     * {@code tokenizer.model}).
     */
    void save(Path directory);
}
