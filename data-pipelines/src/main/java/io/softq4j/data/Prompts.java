package io.softq4j.data;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;

/**
 * Prompts to continue.
 *
 * @param records in the order of their rows
 * @param data    as the model's training data were prepared, but of the shape that the prompts have: decides how they become tokens and what ends them
 */
public record Prompts(List<RenderedRecord> records, DataConfig data) {

    public Prompts {
        records = List.copyOf(records);
    }

    /** Texts that are continued as they are. */
    public static Prompts of(List<String> texts, DataConfig data) {
        List<RenderedRecord> records = new ArrayList<>();
        for (String text : texts) {
            records.add(new RenderedRecord(text, List.of(), records.size(), JsonNodeFactory.instance.objectNode().put("prompt", text),
                    "prompt " + (records.size() + 1)));
        }
        return new Prompts(records, data);
    }
}
