package io.softq4j.tokens.bpe;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * The sign SentencePiece writes for a space. Many of its models put one in front of every text they encode, so that a word has the same
 * token at the beginning of a text as within it.
 */
public final class SpaceMarker {

    public static final String MARKER = "\u2581";

    private SpaceMarker() {
    }

    /** Whether the normaliser or the pre-tokenizer of a {@code tokenizer.json} puts a space in front of the text. */
    public static boolean isPutInFront(JsonNode tree) {
        return puts(tree.path("normalizer")) || puts(tree.path("pre_tokenizer"));
    }

    private static boolean puts(JsonNode step) {
        boolean puts = switch (step.path("type").asText()) {
            case "Prepend" -> true;
            // older files say it with add_prefix_space; the library's default is always
            case "Metaspace" -> step.has("prepend_scheme") ? !step.path("prepend_scheme").asText().equals("never")
                    : step.path("add_prefix_space").asBoolean(true);
            case "ByteLevel" -> step.path("add_prefix_space").asBoolean(true);
            default -> false;
        };
        for (JsonNode part : step.path("normalizers")) {
            puts |= puts(part);
        }
        for (JsonNode part : step.path("pretokenizers")) {
            puts |= puts(part);
        }
        return puts;
    }
}
