package io.softq4j.tokens.huggingface;

import com.fasterxml.jackson.databind.JsonNode;
import io.softq4j.tokens.Tokenizer;
import io.softq4j.tokens.TokenizerFiles;
import io.softq4j.tokens.bpe.BpeReader;
import io.softq4j.tokens.bpe.BpeTokenizer;
import java.nio.file.Path;
import java.util.List;

/** Opens tokenizers. */
public final class Tokenizers {

    /** What a tokenizer is read from. */
    public static final String FILE = TokenizerFiles.JSON;

    private Tokenizers() {
    }

    /**
     * Whether a file of a model directory is one of its tokenizer's, by its path in the directory: {@link Tokenizer#save} writes such
     * files.
     */
    public static boolean isFileOf(String name) {
        return TokenizerFiles.isOne(name);
    }

    /** The files that decide what the tokenizer of {@code directoryOrFile} is; not all need be there. */
    public static List<Path> files(Path directoryOrFile) {
        return TokenizerFiles.deciding(directoryOrFile);
    }

    /**
     * The tokenizer of a {@code tokenizer.json}: byte-level BPE that cuts text as GPT-2, Llama 3, Qwen 2 or GPT-4o do by
     * {@link BpeTokenizer}, anything else by {@link HuggingFaceTokenizer}. The file alone decides, and both give the same ids.
     *
     * @param directoryOrFile {@code tokenizer.json} or the directory that holds it; what else says which tokens are special is looked for
     *                        beside it
     * @throws io.softq4j.common.UserError if there is none, it is malformed, or no token is known to end a text
     */
    public static Tokenizer load(Path directoryOrFile) {
        TokenizerFiles files = TokenizerFiles.read(directoryOrFile);
        JsonNode tree = files.effective();
        return BpeReader.read(tree, files.source()).<Tokenizer>map(model -> new BpeTokenizer(model, files))
                .orElseGet(() -> new HuggingFaceTokenizer(files, tree));
    }
}
