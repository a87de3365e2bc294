package io.softq4j.data;

import io.softq4j.common.Drafts;
import io.softq4j.common.Items;
import io.softq4j.common.Key;
import io.softq4j.common.Keys;
import io.softq4j.common.OnlyIf;
import io.softq4j.common.Range;
import io.softq4j.common.UserError;
import io.softq4j.tokens.bpe.BpeOptions;
import java.util.List;
import java.util.function.Consumer;

/**
 * The tokenizer of a preparation.
 *
 * <p>Each component is a key of the section {@code tokenizer}; its {@link Key} says what it means.
 */
public record TokenizerConfig(
        @Key("a byte-level BPE trained on `data.train`, or one read from a file")
        TokenizerType type,
        @Key(value = "ids of a trained one: special tokens, 256 bytes, then merges; a small corpus may not reach it",
                allowed = "1 special token and 256 bytes")
        @OnlyIf(key = "type", is = "train")
        @Range(atLeast = 257)
        int vocabSize,
        @Key("a pair seen less often is not merged")
        @OnlyIf(key = "type", is = "train")
        @Range(atLeast = 1)
        int minFrequency,
        @Key(value = "of a trained one, never split; the first is EOS. A built-in chat template adds its own",
                allowed = "one or more, all different; printable ASCII without spaces")
        @Items(atLeast = 1, distinct = true)
        @OnlyIf(key = "type", is = "train")
        List<String> specialTokens,
        @OnlyIf(key = "type", is = "train")
        @Key("a trained one brings text into Unicode's form NFC first")
        boolean nfc,
        @Key(value = "a Hugging Face `tokenizer.json`, or the directory that holds it", allowed = "set for type file, not set for train")
        String file) {

    private static final Keys KEYS = Keys.of(TokenizerConfig.class);

    public TokenizerConfig {
        specialTokens = List.copyOf(specialTokens);
        KEYS.check("type", type);
        KEYS.check("vocab_size", vocabSize);
        KEYS.check("min_frequency", minFrequency);
        if (type == TokenizerType.FILE && file == null) {
            throw new UserError("file is not set: type file needs the path of a tokenizer.json");
        }
        if (type == TokenizerType.TRAIN && file != null) {
            throw new UserError("file is " + file + ", but type is train; set type to file to use it, or remove it to train one");
        }
        if (!specialTokens.isEmpty()) {
            KEYS.check("special_tokens", specialTokens);
        } else {
            throw new UserError("special_tokens is empty; the first of them ends a text (EOS), for example " + BpeOptions.END_OF_TEXT);
        }
    }

    /** The components by name, to be set; see {@link #with}. Each method is documented at the component of its name. */
    public interface Draft {

        Draft type(TokenizerType value);

        Draft vocabSize(int value);

        Draft minFrequency(int value);

        Draft specialTokens(List<String> value);

        Draft nfc(boolean value);

        Draft file(String value);
    }

    /** One with 4096 ids, trained on the corpus. */
    public static TokenizerConfig defaults() {
        return Drafts.make(TokenizerConfig.class, Draft.class, c -> c.type(TokenizerType.TRAIN).vocabSize(4096).minFrequency(2)
                .specialTokens(List.of(BpeOptions.END_OF_TEXT)).nfc(false).file(null));
    }

    /** A tokenizer read from {@code file}. */
    public static TokenizerConfig of(String file) {
        return defaults().with(c -> c.type(TokenizerType.FILE).file(file));
    }

    /** This configuration with what {@code change} sets. */
    public TokenizerConfig with(Consumer<Draft> change) {
        return Drafts.change(this, Draft.class, change);
    }
}
