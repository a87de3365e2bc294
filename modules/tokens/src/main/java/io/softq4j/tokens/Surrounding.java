package io.softq4j.tokens;

import com.fasterxml.jackson.databind.JsonNode;
import io.softq4j.common.UserError;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * The special tokens that the post-processor of a {@code tokenizer.json} puts around a single text.
 *
 * @param front the one in front, if any
 * @param end   the first one behind it, if any
 */
public record Surrounding(OptionalInt front, OptionalInt end) {

    public static final Surrounding NOTHING = new Surrounding(OptionalInt.empty(), OptionalInt.empty());

    /**
     * What a TemplateProcessing puts there, alone or within a Sequence.
     *
     * @throws UserError if it puts several tokens in front
     */
    public static Surrounding of(JsonNode processor, String source) {
        if (processor.path("type").asText().equals("Sequence")) {
            for (JsonNode each : processor.path("processors")) {
                Surrounding found = of(each, source);
                if (!found.equals(NOTHING)) {
                    return found;
                }
            }
            return NOTHING;
        }
        if (!processor.path("type").asText().equals("TemplateProcessing")) {
            return NOTHING;
        }
        List<Integer> front = new ArrayList<>();
        List<Integer> end = new ArrayList<>();
        List<Integer> side = front;
        for (JsonNode part : processor.path("single")) {
            if (part.has("SpecialToken")) {
                String name = part.path("SpecialToken").path("id").asText();
                for (JsonNode id : processor.path("special_tokens").path(name).path("ids")) {
                    side.add(id.asInt());
                }
            } else {
                side = end;
            }
        }
        if (front.size() > 1) {
            throw new UserError(source + ": post_processor puts the tokens " + front + " in front of a text; one at most can begin a text "
                    + "(BOS) here. "
                    + "Leave one of them in post_processor.single");
        }
        return new Surrounding(first(front), first(end));
    }

    private static OptionalInt first(List<Integer> ids) {
        return ids.isEmpty() ? OptionalInt.empty() : OptionalInt.of(ids.get(0));
    }
}
