package io.softq4j.tokens;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** A tokenizer of files whose tokens are a list: what it knows of them beside how text is cut. */
public abstract class VocabularyTokenizer implements Tokenizer {

    private final TokenizerFiles files;
    private final SpecialIds special;
    private final Map<String, Integer> ids;
    private final String[] spelled;

    /**
     * A vocabulary.
     *
     * @param files   that it was read from
     * @param special which of its ids end and begin a text
     * @param ids     by the spelling of each token
     * @param spelled the tokens by id; null where an id has none. Both are kept, so leave them as they are
     */
    protected VocabularyTokenizer(TokenizerFiles files, SpecialIds special, Map<String, Integer> ids, String[] spelled) {
        this.files = files;
        this.special = special;
        this.ids = ids;
        this.spelled = spelled;
    }

    /** A token as it is spelled in the vocabulary; null for an id without one. @throws IllegalArgumentException if the id is beyond all */
    protected final String spelled(int id) {
        return spelled[checked(id)];
    }

    /** The id itself. @throws IllegalArgumentException if it is not in the vocabulary */
    protected final int checked(int id) {
        if (id < 0 || id >= spelled.length) {
            throw new IllegalArgumentException("token id " + id + " is not in the vocabulary of " + spelled.length);
        }
        return id;
    }

    @Override
    public final int vocabularySize() {
        return spelled.length;
    }

    @Override
    public final int eosId() {
        return special.eos();
    }

    @Override
    public final OptionalInt bosId() {
        return special.bos();
    }

    @Override
    public final OptionalInt idOf(String token) {
        Integer id = ids.get(token);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    @Override
    public final Map<String, String> specialTokens() {
        return files.named().byKey();
    }

    @Override
    public final Optional<String> chatTemplate() {
        return files.chatTemplate();
    }

    @Override
    public final void save(Path directory) {
        files.save(directory);
    }
}
