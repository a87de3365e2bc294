package io.softq4j.data.render;

import io.softq4j.chat.TrainOn;
import io.softq4j.data.row.Column;
import io.softq4j.tokens.Segment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The two prompts of Stanford Alpaca (Taori et al. 2023), with an input and without; in a conversation the bare instruction and input. */
final class AlpacaRenderer implements Renderer {

    private static final String WITH_INPUT = "Below is an instruction that describes a task, paired with an input that provides further context. "
            + "Write a response that appropriately completes the request.\n\n";
    private static final String WITHOUT = "Below is an instruction that describes a task. "
            + "Write a response that appropriately completes the request.\n\n";

    private final String instruction;
    private final String input;
    private final String output;
    private final boolean bare;
    private final TrainOn trainOn;

    AlpacaRenderer(Layout layout, boolean bare, TrainOn trainOn) {
        this.instruction = layout.columns().get("instruction");
        this.input = layout.columns().getOrDefault("input", "input");
        this.output = layout.columns().get("output");
        this.bare = bare;
        this.trainOn = trainOn;
    }

    @Override
    public List<Column> promptColumns() {
        return List.of(Column.text(instruction), new Column(input, Column.Kind.OPTIONAL_TEXT));
    }

    @Override
    public List<Column> columns() {
        List<Column> all = new ArrayList<>(promptColumns());
        all.add(Column.text(output));
        return all;
    }

    @Override
    public String prompt(Map<String, String> row) {
        String given = row.get(input);
        if (bare) {
            return row.get(instruction) + (given.isBlank() ? "" : "\n\n" + given);
        }
        String head = (given.isBlank() ? WITHOUT : WITH_INPUT) + "### Instruction:\n" + row.get(instruction) + "\n\n";
        return head + (given.isBlank() ? "" : "### Input:\n" + given + "\n\n") + "### Response:\n";
    }

    @Override
    public String response(Map<String, String> row) {
        return row.get(output);
    }

    @Override
    public Optional<String> responseColumn() {
        return Optional.ofNullable(output);
    }

    @Override
    public String question(Map<String, String> row) {
        return prompt(row);
    }

    @Override
    public List<Segment> example(Map<String, String> row) {
        return TemplateRenderer.segments(prompt(row), response(row), trainOn);
    }
}
