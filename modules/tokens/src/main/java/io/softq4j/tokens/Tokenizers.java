package io.softq4j.tokens;

import java.nio.file.Path;

/** Opens tokenizers. */
public final class Tokenizers {

    private Tokenizers() {
    }

    /**
     * The tokenizer of a {@code tokenizer.json}: a file in exactly the shape that {@link BpeTrainer} writes by {@link BpeTokenizer}, any
     * other by {@link HuggingFaceTokenizer}.
     *
     * @param directoryOrFile {@code tokenizer.json} or the directory that holds it; {@code tokenizer_config.json} is looked for beside it
     * @throws io.softq4j.common.UserError if there is none, it is malformed, or no token is known to end a text
     */
    public static Tokenizer load(Path directoryOrFile) {
        TokenizerFiles files = TokenizerFiles.read(directoryOrFile);
        return BpeFile.read(files).<Tokenizer>map(model -> new BpeTokenizer(model, files)).orElseGet(() -> new HuggingFaceTokenizer(files));
    }
}
