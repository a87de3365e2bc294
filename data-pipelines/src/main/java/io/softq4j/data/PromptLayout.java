package io.softq4j.data;

import com.fasterxml.jackson.databind.JsonNode;
import io.softq4j.common.UserError;
import io.softq4j.data.render.Layout;
import io.softq4j.data.render.Renderer;
import io.softq4j.data.render.Shape;
import io.softq4j.data.row.Column;
import io.softq4j.data.row.Row;
import io.softq4j.tokens.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a file of prompts is taken for, by its first row. A row needs no answer. If it has the columns that the prompts of the training data were made
 * of, it is rendered as they were; else a conversation is rendered, and a column {@code prompt}, {@code text} or the only one is continued as it is.
 *
 * @param data   the model's, with the shape that was found
 * @param layout where the file keeps what
 * @param how    what is done with a row, for people
 */
record PromptLayout(DataConfig data, Layout layout, String how) {

    private static final String PROMPT = "prompt";

    /**
     * Looks at the first row.
     *
     * @param data as the model's training data were prepared
     * @throws UserError if nothing in the row is a prompt
     */
    static PromptLayout of(DataConfig data, Row first, Tokenizer tokenizer) {
        Shape shape = data.effectiveShape();
        Optional<PromptLayout> found = shape == Shape.AUTO ? recognised(data, first) : trained(data, first, tokenizer);
        return found.or(() -> conversation(data, first)).or(() -> continued(data, first)).or(() -> promptAlone(data, first))
                .or(() -> onlyColumn(data, first, tokenizer)).orElseThrow(() -> noPrompt(data, first, tokenizer));
    }

    /** As the training data, if the row has all that their prompts need. */
    private static Optional<PromptLayout> trained(DataConfig data, Row first, Tokenizer tokenizer) {
        Layout layout = new Layout(data.effectiveShape(), data.columns());
        List<String> needed = promptColumns(data, layout, tokenizer);
        boolean made = !data.filter().transforms().isEmpty();    // then columns may come from there
        return !needed.isEmpty() && (made || needed.stream().allMatch(first::has)) ? Optional.of(asTrained(data, layout)) : Optional.empty();
    }

    private static PromptLayout asTrained(DataConfig data, Layout layout) {
        return new PromptLayout(data, layout, "rendered as the training data were, shape " + layout.shape().key());
    }

    /** The columns a prompt cannot do without; none where it has none, as that of text. */
    private static List<String> promptColumns(DataConfig data, Layout layout, Tokenizer tokenizer) {
        if (layout.shape() == Shape.TEXT) {
            return List.of();
        }
        return Renderer.of(RenderSpecs.of(data, layout, tokenizer)).promptColumns().stream()
                .filter(column -> column.kind() == Column.Kind.TEXT || column.kind() == Column.Kind.JSON).map(Column::name).toList();
    }

    /** Rows with their answers, as a corpus of training data has them. */
    private static Optional<PromptLayout> recognised(DataConfig data, Row first) {
        return Layout.find(data.columns(), first).filter(layout -> layout.shape() != Shape.TEXT).map(layout -> inShape(data, layout));
    }

    private static PromptLayout inShape(DataConfig data, Layout layout) {
        return new PromptLayout(settled(data, layout), layout, "rendered as shape " + layout.shape().key());
    }

    private static DataConfig settled(DataConfig data, Layout layout) {
        return data.with(d -> d.shape(layout.shape()).columns(layout.columns()).prompt(null).response(null));
    }

    /** Messages, perhaps in the column {@code prompt}, as TRL has prompts of conversations. */
    private static Optional<PromptLayout> conversation(DataConfig data, Row first) {
        if (first.object().path(PROMPT).isArray()) {
            return Optional.of(inShape(data, new Layout(Shape.MESSAGES, Map.of("messages", PROMPT))));
        }
        return List.of(Shape.MESSAGES, Shape.SHAREGPT).stream().flatMap(shape -> Layout.findPrompt(shape, Map.of(), first).stream())
                .findFirst().map(layout -> inShape(data, layout));
    }

    private static Optional<PromptLayout> continued(DataConfig data, Row first) {
        List<String> names = new ArrayList<>();
        List.of(PROMPT, "text").forEach(field -> names.add(data.columns().getOrDefault(field, field)));
        names.addAll(List.of(PROMPT, "text"));
        return names.stream().filter(first::has).findFirst().map(name -> continued(data, name));
    }

    private static PromptLayout continued(DataConfig data, String column) {
        Layout layout = new Layout(Shape.PROMPT_COMPLETION, Map.of(PROMPT, column));
        return new PromptLayout(settled(data, layout), layout, "the column " + column
                + (data.applyChatTemplate() ? " is what a user says" : " is continued as it is"));
    }

    /** The prompt of a shape without its answer, by the usual names: of the training data's shape, or of any where that is not known. */
    private static Optional<PromptLayout> promptAlone(DataConfig data, Row first) {
        Shape shape = data.effectiveShape();
        List<Shape> shapes = shape == Shape.AUTO ? List.of(Shape.ALPACA, Shape.GSM8K, Shape.XSUM)
                : shape == Shape.TEMPLATE || shape == Shape.TRANSLATION ? List.of() : List.of(shape);
        Map<String, String> named = shape == Shape.AUTO ? data.columns() : Map.of();
        return shapes.stream().flatMap(s -> Layout.findPrompt(s, named, first).stream()).findFirst().map(layout -> inShape(data, layout));
    }

    /** One column is the prompt, whatever its name: the one field of the training data's prompts, else text to continue. */
    private static Optional<PromptLayout> onlyColumn(DataConfig data, Row first, Tokenizer tokenizer) {
        if (first.columns().size() != 1) {
            return Optional.empty();
        }
        String column = first.columns().get(0);
        Layout layout = new Layout(data.effectiveShape(), data.columns());
        if (data.effectiveShape() == Shape.AUTO || data.effectiveShape() == Shape.TEXT || layout.shape().isConversation()) {
            return first.object().get(column).isValueNode() ? Optional.of(continued(data, column)) : Optional.empty();
        }
        List<String> needed = promptColumns(data, layout, tokenizer);
        return needed.size() == 1 ? Optional.of(asTrained(data, layout.renamed(needed.get(0), column))) : Optional.empty();
    }

    private static UserError noPrompt(DataConfig data, Row first, Tokenizer tokenizer) {
        List<String> needed = data.effectiveShape() == Shape.AUTO ? List.of()
                : promptColumns(data, new Layout(data.effectiveShape(), data.columns()), tokenizer);
        return new UserError(first.file() + ":" + first.line() + ": the columns " + first.columns() + " hold no prompt. "
                + (needed.isEmpty() ? "" : "Prompts of the training data are made of " + needed + ". ")
                + "Prompts may be in a column \"prompt\" or \"text\", which is continued as it is, in \"messages\" (a conversation that ends with what the "
                + "user says), or in the only column" + jsonHint(first) + ". Or name the column: --set 'data.columns={prompt: NAME}'");
    }

    private static String jsonHint(Row row) {
        JsonNode only = row.columns().size() == 1 ? row.object().get(row.columns().get(0)) : null;
        return only == null || only.isValueNode() ? "" : ", if it is text";
    }
}
