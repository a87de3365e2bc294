package io.softq4j.tokens.bpe;

import com.fasterxml.jackson.databind.JsonNode;
import io.softq4j.common.UserError;
import io.softq4j.tokens.AddedToken;
import io.softq4j.tokens.Surrounding;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Tells from a {@code tokenizer.json} whether {@link BpeTokenizer} gives exactly the ids of Hugging Face's library for it, and reads it
 * if so: byte-level BPE, cut by a known {@link Cut}, text as it is or in Normalization Form C. Anything that is not known to be
 * the same, be it a key never seen before, leaves the file to the library.
 */
public final class BpeReader {

    private static final Set<String> TOP = Set.of("version", "truncation", "padding", "added_tokens", "normalizer", "pre_tokenizer",
            "post_processor", "decoder", "model");
    private static final Set<String> MODEL = Set.of("type", "dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix",
            "fuse_unk", "byte_fallback", "ignore_merges", "vocab", "merges");
    private static final Set<String> ADDED = Set.of("id", "content", "single_word", "lstrip", "rstrip", "normalized", "special");
    private static final Set<String> BYTE_LEVEL = Set.of("type", "add_prefix_space", "trim_offsets", "use_regex");
    private static final Set<String> DIGITS = Set.of("type", "individual_digits");
    private static final Set<String> SPLIT = Set.of("type", "pattern", "behavior", "invert");

    private BpeReader() {
    }

    /**
     * The model in {@code tree}, or empty if it is one for the library.
     *
     * @param source where the tree came from, for messages
     * @throws UserError if it looks like ours but contradicts itself
     */
    public static Optional<BpeModel> read(JsonNode tree, String source) {
        JsonNode model = tree.path("model");
        Optional<Cut> cut = cut(tree.path("pre_tokenizer"));
        JsonNode normalizer = tree.path("normalizer");
        boolean nfc = type(normalizer).equals("NFC") && normalizer.size() == 1;
        if (cut.isEmpty() || !(nfc || absent(normalizer)) || !keys(tree, TOP) || !byteLevelBpe(model)
                || !type(tree.path("decoder")).equals("ByteLevel") || !leavesIdsAlone(tree.path("post_processor"))) {
            return Optional.empty();
        }
        Map<String, Integer> ids = new HashMap<>();
        String[] tokens = new String[model.get("vocab").size()];
        for (Map.Entry<String, JsonNode> entry : model.get("vocab").properties()) {
            int id = entry.getValue().isInt() ? entry.getValue().asInt() : -1;
            if (id < 0 || id >= tokens.length || tokens[id] != null) {
                return Optional.empty();   // ids with holes
            }
            tokens[id] = entry.getKey();
            ids.put(entry.getKey(), id);
        }
        Optional<BpeModel.Unknown> unknown = unknown(model, ids);
        if (unknown.isEmpty()) {
            return Optional.empty();
        }
        List<String> all = new ArrayList<>(Arrays.asList(tokens));
        Optional<List<AddedToken>> added = added(tree.path("added_tokens"), ids, all, nfc);
        return added.map(list -> new BpeModel(all, tokens.length, merges(model.get("merges"), ids, source), list, cut.get(), nfc,
                model.path("ignore_merges").asBoolean(), unknown.get(), Surrounding.of(tree.path("post_processor"), source)));
    }

    private static boolean byteLevelBpe(JsonNode model) {
        return type(model).equals("BPE") && keys(model, MODEL) && model.path("vocab").isObject() && model.path("merges").isArray()
                && model.path("continuing_subword_prefix").asText("").isEmpty()
                && model.path("end_of_word_suffix").asText("").isEmpty();
    }

    /** What stands for the bytes that have no token; empty if that is the library's affair. */
    private static Optional<BpeModel.Unknown> unknown(JsonNode model, Map<String, Integer> ids) {
        boolean whole = true;
        for (char c : ByteAlphabet.sorted()) {
            whole &= ids.containsKey(String.valueOf(c));
        }
        JsonNode token = model.path("unk_token");
        if (whole || absent(token) && !model.path("byte_fallback").asBoolean()) {
            return Optional.of(BpeModel.Unknown.LEFT_OUT);
        }
        Integer id = ids.get(token.asText());
        return id == null || model.path("byte_fallback").asBoolean() ? Optional.empty()
                : Optional.of(new BpeModel.Unknown(OptionalInt.of(id), model.path("fuse_unk").asBoolean()));
    }

    private static Optional<Cut> cut(JsonNode node) {
        if (byteLevel(node, true)) {
            return Optional.of(PreTokenizer.GPT2);
        }
        JsonNode parts = node.path("pretokenizers");
        if (!type(node).equals("Sequence") || parts.size() != 2 || !byteLevel(parts.get(1), false)) {
            return digits(parts);
        }
        JsonNode split = parts.get(0);
        JsonNode pattern = split.path("pattern");
        // the expressions match every text without a gap: what they match and what lies between are the same two cuts
        boolean isolated = split.path("behavior").asText().equals("Isolated") && !split.path("invert").asBoolean();
        boolean kept = split.path("behavior").asText().equals("Removed") && split.path("invert").asBoolean();
        return type(split).equals("Split") && keys(split, SPLIT) && (isolated || kept) && pattern.size() == 1
                ? PreTokenizer.of(pattern.path("Regex").asText()).map(Cut.class::cast) : Optional.empty();
    }

    private static Optional<Cut> digits(JsonNode parts) {
        JsonNode digits = parts.path(0);
        return parts.size() == 2 && type(digits).equals("Digits") && keys(digits, DIGITS) && byteLevel(parts.get(1), true)
                ? Optional.of(new DigitCut(digits.path("individual_digits").asBoolean())) : Optional.empty();
    }

    private static boolean byteLevel(JsonNode node, boolean cuts) {
        return type(node).equals("ByteLevel") && keys(node, BYTE_LEVEL) && !node.path("add_prefix_space").asBoolean(true)
                && node.path("use_regex").asBoolean(true) == cuts;
    }

    /** Whether it only adds special tokens, which are not asked for here, and moves offsets, which nobody looks at. */
    private static boolean leavesIdsAlone(JsonNode processor) {
        if (absent(processor)) {
            return true;
        }
        return switch (type(processor)) {
            case "ByteLevel" -> true;
            case "TemplateProcessing" -> {
                int texts = 0;
                for (JsonNode part : processor.path("single")) {
                    texts += part.path("Sequence").path("id").asText().equals("A") ? 1 : 0;
                }
                yield texts == 1;
            }
            case "Sequence" -> {
                boolean all = true;
                for (JsonNode each : processor.path("processors")) {
                    all &= leavesIdsAlone(each);
                }
                yield all;
            }
            default -> false;
        };
    }

    /** The added tokens; those that are new are put behind {@code all}. Empty if the library would treat one in another way. */
    private static Optional<List<AddedToken>> added(JsonNode list, Map<String, Integer> ids, List<String> all, boolean nfc) {
        List<AddedToken> added = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (JsonNode node : list) {
            String content = node.path("content").asText();
            boolean plain = keys(node, ADDED) && node.path("id").isInt() && !node.path("single_word").asBoolean()
                    && !node.path("lstrip").asBoolean() && !node.path("rstrip").asBoolean();
            // the library numbers new tokens itself, from the size of the vocabulary on, whatever id the file gives them
            int id = ids.getOrDefault(content, all.size());
            if (!plain || content.isEmpty() || !seen.add(content) || node.get("id").asInt() != id
                    || nfc && !content.chars().allMatch(c -> c < 128)) {
                return Optional.empty();
            }
            if (id == all.size()) {
                ids.put(content, id);
                all.add(content);
            }
            added.add(new AddedToken(id, content, node.path("special").asBoolean(), node.path("normalized").asBoolean()));
        }
        return Optional.of(added);
    }

    private static List<BpeModel.Merge> merges(JsonNode list, Map<String, Integer> ids, String source) {
        List<BpeModel.Merge> merges = new ArrayList<>(list.size());
        for (JsonNode merge : list) {
            String[] pair = merge.isArray() ? new String[] {merge.path(0).asText(), merge.path(1).asText()} : merge.asText().split(" ", -1);
            Integer left = pair.length == 2 ? ids.get(pair[0]) : null;
            Integer right = pair.length == 2 ? ids.get(pair[1]) : null;
            Integer result = pair.length == 2 ? ids.get(pair[0] + pair[1]) : null;
            if (left == null || right == null || result == null) {
                throw new UserError(source + ": merge " + merges.size() + " is " + merge
                        + ", but both parts and their concatenation must be in the "
                        + "vocabulary. The file was edited or put together from two tokenizers; save it again from where it was trained");
            }
            merges.add(new BpeModel.Merge(left, right, result));
        }
        return merges;
    }

    private static String type(JsonNode node) {
        return node.path("type").asText();
    }

    private static boolean absent(JsonNode node) {
        return node.isMissingNode() || node.isNull();
    }

    private static boolean keys(JsonNode node, Set<String> known) {
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            if (!known.contains(entry.getKey())) {
                return false;
            }
        }
        return true;
    }
}
