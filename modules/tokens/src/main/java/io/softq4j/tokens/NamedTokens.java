package io.softq4j.tokens;

import com.fasterxml.jackson.databind.JsonNode;
import io.softq4j.common.UserError;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The tokens that the files beside a {@code tokenizer.json} give a part to play, read as transformers reads them:
 * {@code tokenizer_config.json}, then {@code special_tokens_map.json}.
 *
 * @param byKey spelling of {@code bos_token}, {@code eos_token} and the like, by key
 * @param nodes of every token that is named in any way, the additional ones too, in the library's order: what the file says of it, text or
 *              an object with flags
 */
public record NamedTokens(Map<String, String> byKey, Map<String, JsonNode> nodes) {

    /** In which order the library adds those of them that the vocabulary lacks; additional ones come behind. */
    private static final List<String> ORDER = List.of("bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token",
            "mask_token");

    public NamedTokens {
        byKey = Collections.unmodifiableMap(new TreeMap<>(byKey));
        nodes = Collections.unmodifiableMap(new LinkedHashMap<>(nodes));
    }

    /** @throws UserError if the two files give one key to different tokens, or to what is no token */
    static NamedTokens of(TokenizerFiles files) {
        Map<String, String> byKey = new TreeMap<>();
        Map<String, JsonNode> nodes = new LinkedHashMap<>();
        Map<String, String> origins = new TreeMap<>();
        for (String name : new String[] {TokenizerFiles.CONFIG, TokenizerFiles.SPECIAL_TOKENS_MAP}) {
            for (Map.Entry<String, JsonNode> entry : files.tree(name).properties()) {
                String key = entry.getKey();
                String token = content(entry.getValue());
                if (token == null && !entry.getValue().isNull() && ORDER.contains(key)) {
                    throw new UserError(files.beside(name) + ": " + key + " is " + entry.getValue()
                            + "; expected the token's text, such as \"</s>\", or an "
                            + "object with it as content. An id stands in generation_config.json (eos_token_id)");
                }
                if (key.endsWith("_token") && token != null) {
                    String other = byKey.put(key, token);
                    if (other != null && !other.equals(token)) {
                        throw new UserError(key + " is \"" + other + "\" in " + files.beside(origins.get(key)) + ", but \"" + token
                                + "\" in "
                                + files.beside(name) + ". Which of them the library takes depends on its version; make both the same, or "
                                + "delete one");
                    }
                    origins.put(key, name);
                    nodes.putIfAbsent(token, entry.getValue());
                } else if (key.equals("additional_special_tokens") || key.equals("extra_special_tokens")) {
                    for (JsonNode each : entry.getValue()) {
                        if (content(each) != null) {
                            nodes.putIfAbsent(content(each), each);
                        }
                    }
                }
            }
        }
        Map<String, JsonNode> ordered = new LinkedHashMap<>();
        ORDER.stream().map(byKey::get).filter(nodes::containsKey).forEach(token -> ordered.put(token, nodes.get(token)));
        nodes.forEach(ordered::putIfAbsent);
        return new NamedTokens(byKey, ordered);
    }

    /** A token stands there as text, or as an object with its flags; null if it is neither. */
    private static String content(JsonNode node) {
        JsonNode content = node.isObject() ? node.path("content") : node;
        return content.isTextual() ? content.textValue() : null;
    }
}
