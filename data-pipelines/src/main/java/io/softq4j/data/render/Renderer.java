package io.softq4j.data.render;

import io.softq4j.data.row.Column;
import io.softq4j.tokens.Segment;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The one way from a row to text, for training, evaluation and generation alike. Rows are given as columns with their text; immutable and
 * safe to share between threads.
 */
public sealed interface Renderer permits TemplateRenderer, AlpacaRenderer, ChatRenderer {

    /** The columns a prompt needs. */
    List<Column> promptColumns();

    /** The columns an example needs, those of the prompt first. */
    List<Column> columns();

    /**
     * What generation starts from.
     *
     * @throws io.softq4j.common.UserError if a column does not hold what it should
     */
    String prompt(Map<String, String> row);

    /** The prompt in segments, none of them scored: cut where answers of earlier turns begin. */
    default List<Segment> promptSegments(Map<String, String> row) {
        return List.of(new Segment(prompt(row), false));
    }

    /** What a model is to answer, without the token that ends it. */
    String response(Map<String, String> row);

    /** The column that a response is made of; empty if it is made of several, or of a conversation, or nothing is asked. */
    Optional<String> responseColumn();

    /** Whether a response is one of a row's references: then a row is as many examples. */
    default boolean respondsWithReferences() {
        return responseColumn().filter(Layout.REFERENCES::equals).isPresent();
    }

    /**
     * What an example asks, before its first answer: rows that are equal in this are the same question. Where nothing is asked, what is learned.
     *
     * @throws io.softq4j.common.UserError as {@link #prompt}
     */
    String question(Map<String, String> row);

    /**
     * An example in segments, context and scored by turns.
     *
     * @throws io.softq4j.common.UserError as {@link #prompt}
     */
    List<Segment> example(Map<String, String> row);

    /** How many answers of the examples so far said nothing and were not learned for that. */
    default long emptyAnswers() {
        return 0;
    }

    /** Fields of messages that a chat template writes nothing of, each with the number of messages of the examples so far. */
    default Map<String, Long> unwrittenFields() {
        return Map.of();
    }

    /** The renderer that {@code spec} describes. @throws io.softq4j.common.UserError if a template is malformed */
    static Renderer of(RenderSpec spec) {
        if (spec.layout().shape().isConversation()) {
            return new ChatRenderer(spec, new ConversationColumn(spec.layout()));
        }
        Renderer text = spec.layout().shape() == Shape.ALPACA ? new AlpacaRenderer(spec.layout(), spec.chat().isPresent(), spec.trainOn())
                : new TemplateRenderer(spec.templates(), spec.layout().columns(), spec.trainOn());
        return spec.chat().isPresent() ? new ChatRenderer(spec, new PromptAsConversation(text)) : text;
    }
}
