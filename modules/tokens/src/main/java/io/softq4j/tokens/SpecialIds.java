package io.softq4j.tokens;

import io.softq4j.common.UserError;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The tokens that begin and end a text.
 *
 * @param eos ends a response
 * @param bos stands in front of a text, if the model wants one
 */
public record SpecialIds(int eos, OptionalInt bos) {

    private static final String EOS = "eos_token";
    private static final List<String> USUAL_EOS = List.of("<|endoftext|>", "</s>", "<eos>", "<|end_of_text|>", "<|im_end|>", "<|eot_id|>",
            "[EOS]");

    /**
     * As the files say.
     *
     * @param ids         the whole vocabulary
     * @param added       the added tokens, among which the usual names of EOS are looked up if no file says which it is
     * @param surrounding of {@code tokenizer.json}
     * @throws UserError if they do not say it, contradict each other, or name a token that is not in the vocabulary
     */
    public static SpecialIds of(TokenizerFiles files, Map<String, Integer> ids, Collection<AddedToken> added, Surrounding surrounding) {
        return new SpecialIds(eos(files, ids, added, surrounding), surrounding.front());
    }

    /**
     * {@code eos_token} of the tokenizer's configuration; else the first {@code eos_token_id} of the model's, else the token that the
     * post-processor puts behind a text, else the only one of the usual names.
     */
    private static int eos(TokenizerFiles files, Map<String, Integer> ids, Collection<AddedToken> added, Surrounding surrounding) {
        List<Integer> ending = files.endIds();
        requireIds(files, ids, ending);
        if (files.named().byKey().containsKey(EOS)) {
            int id = named(EOS, files, ids);
            requireNoContradiction(files, id, ending);
            return id;
        }
        if (!ending.isEmpty()) {
            if (!ids.containsValue(ending.get(0))) {
                throw new UserError(files.beside(TokenizerFiles.GENERATION) + ": eos_token_id " + ending.get(0)
                        + " is not in the vocabulary of " + files.source() + ". The files belong to two models; copy the tokenizer again");
            }
            return ending.get(0);
        }
        if (surrounding.end().isPresent()) {
            return surrounding.end().getAsInt();
        }
        Set<String> contents = added.stream().map(AddedToken::content).collect(Collectors.toSet());
        List<String> usual = USUAL_EOS.stream().filter(contents::contains).toList();
        if (usual.size() == 1) {
            return ids.get(usual.get(0));
        }
        throw new UserError(files.source() + " does not say which token ends a text (EOS): " + files.beside(TokenizerFiles.CONFIG)
                + (files.has(TokenizerFiles.CONFIG) ? " has no eos_token" : " does not exist") + " and " + (usual.isEmpty()
                ? "none of the usual names " + USUAL_EOS + " is among the added tokens" : "several usual names are present: " + usual)
                + ". Put {\"eos_token\": \"...\"} into " + files.beside(TokenizerFiles.CONFIG));
    }

    private static void requireIds(TokenizerFiles files, Map<String, Integer> ids, List<Integer> ending) {
        if (ending.stream().anyMatch(id -> id < 0)) {
            Integer eos = ids.get(files.named().byKey().getOrDefault(EOS, ""));
            throw new UserError(files.beside(TokenizerFiles.GENERATION) + " (or config.json there): eos_token_id is "
                    + (ending.size() == 1 ? ending.get(0) : ending)
                    + "; expected the id of a token, at least 0. Where -1 was meant as none, delete the key"
                    + (eos == null ? "" : ", or put " + eos
                    + ", the id of eos_token \"" + files.named().byKey().get(EOS) + "\""));
        }
    }

    private static void requireNoContradiction(TokenizerFiles files, int eos, List<Integer> ending) {
        if (!ending.isEmpty() && !ending.contains(eos)) {
            throw new UserError(origin(EOS, files) + ": eos_token is \"" + files.named().byKey().get(EOS) + "\", which is id " + eos
                    + ", but "
                    + files.beside(TokenizerFiles.GENERATION) + ": eos_token_id is " + (ending.size() == 1 ? ending.get(0) : ending)
                    + ". A model would be trained to end with one and generate until the other. Add " + eos
                    + " to eos_token_id, or correct eos_token");
        }
    }

    private static int named(String key, TokenizerFiles files, Map<String, Integer> ids) {
        String token = files.named().byKey().get(key);
        Integer id = ids.get(token);
        if (id == null) {
            throw new UserError(origin(key, files) + ": " + key + " \"" + token + "\" is not in the vocabulary of " + files.source());
        }
        return id;
    }

    /** The file that names the token. */
    private static Path origin(String key, TokenizerFiles files) {
        boolean config = files.tree(TokenizerFiles.CONFIG).hasNonNull(key);
        return files.beside(config ? TokenizerFiles.CONFIG : TokenizerFiles.SPECIAL_TOKENS_MAP);
    }
}
