package io.softq4j.tokens;

import com.fasterxml.jackson.databind.JsonNode;
import io.softq4j.common.UserError;
import java.nio.file.Path;
import java.util.ArrayList;
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
record SpecialIds(int eos, OptionalInt bos) {

    private static final List<String> USUAL_EOS = List.of("<|endoftext|>", "</s>", "<eos>", "<|end_of_text|>", "<|im_end|>", "<|eot_id|>", "[EOS]");

    /**
     * As the files say.
     *
     * @param ids   the whole vocabulary
     * @param added the added tokens, among which the usual names of EOS are looked up
     * @param front what {@link #inFront} found in {@code tokenizer.json}
     * @throws UserError if they do not say it, or name a token that is not in the vocabulary
     */
    static SpecialIds of(TokenizerFiles files, Map<String, Integer> ids, Collection<AddedToken> added, OptionalInt front) {
        return new SpecialIds(eos(files, ids, added), bos(files, ids, front));
    }

    /** {@code eos_token} of {@code tokenizer_config.json}, else the only one of the usual names. */
    private static int eos(TokenizerFiles files, Map<String, Integer> ids, Collection<AddedToken> added) {
        if (files.specialTokens().containsKey("eos_token")) {
            return named("eos_token", files, ids);
        }
        Set<String> contents = added.stream().map(AddedToken::content).collect(Collectors.toSet());
        List<String> usual = USUAL_EOS.stream().filter(contents::contains).toList();
        if (usual.size() == 1) {
            return ids.get(usual.get(0));
        }
        Path config = files.beside(TokenizerFiles.CONFIG);
        throw new UserError(files.source() + " does not say which token ends a text (EOS): " + config
                + (files.has(TokenizerFiles.CONFIG) ? " has no eos_token" : " does not exist") + " and " + (usual.isEmpty()
                ? "none of the usual names " + USUAL_EOS + " is among the added tokens" : "several usual names are present: " + usual)
                + ". Put {\"eos_token\": \"...\"} into " + config);
    }

    private static OptionalInt bos(TokenizerFiles files, Map<String, Integer> ids, OptionalInt front) {
        if (files.configTree().path("add_bos_token").asBoolean() && files.specialTokens().containsKey("bos_token")) {
            return OptionalInt.of(named("bos_token", files, ids));
        }
        return front;
    }

    private static int named(String key, TokenizerFiles files, Map<String, Integer> ids) {
        String token = files.specialTokens().get(key);
        Integer id = ids.get(token);
        if (id == null) {
            throw new UserError(files.beside(TokenizerFiles.CONFIG) + ": " + key + " \"" + token + "\" is not in the vocabulary of "
                    + files.source());
        }
        return id;
    }

    /**
     * The special token that a TemplateProcessing, alone or within a Sequence, puts in front of a single text.
     *
     * @throws UserError if there are several
     */
    static OptionalInt inFront(JsonNode processor, String source) {
        if (processor.path("type").asText().equals("Sequence")) {
            for (JsonNode each : processor.path("processors")) {
                OptionalInt found = inFront(each, source);
                if (found.isPresent()) {
                    return found;
                }
            }
            return OptionalInt.empty();
        }
        if (!processor.path("type").asText().equals("TemplateProcessing")) {
            return OptionalInt.empty();
        }
        List<Integer> front = new ArrayList<>();
        for (JsonNode part : processor.path("single")) {
            if (!part.has("SpecialToken")) {
                break;
            }
            String name = part.path("SpecialToken").path("id").asText();
            processor.path("special_tokens").path(name).path("ids").forEach(id -> front.add(id.asInt()));
        }
        if (front.size() > 1) {
            throw new UserError(source + ": post_processor puts the tokens " + front + " in front of a text; one at most can begin a text (BOS) here. "
                    + "Leave one of them in post_processor.single");
        }
        return front.isEmpty() ? OptionalInt.empty() : OptionalInt.of(front.get(0));
    }
}
