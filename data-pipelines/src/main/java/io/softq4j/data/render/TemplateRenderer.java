package io.softq4j.data.render;

import io.softq4j.chat.TrainOn;
import io.softq4j.data.row.Column;
import io.softq4j.tokens.PromptTemplate;
import io.softq4j.tokens.Segment;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A template for the prompt and one for the response. */
final class TemplateRenderer implements Renderer {

    private final PromptTemplate prompt;
    private final PromptTemplate response;
    private final TrainOn trainOn;

    /**
     * @param templates over fields
     * @param columns   the column of each field; a field without one is a column itself
     */
    TemplateRenderer(Templates templates, Map<String, String> columns, TrainOn trainOn) {
        this.prompt = new PromptTemplate(templates.prompt()).renamed(columns);
        this.response = new PromptTemplate(templates.response()).renamed(columns);
        this.trainOn = trainOn;
    }

    @Override
    public List<Column> promptColumns() {
        return prompt.fields().stream().map(Column::text).toList();
    }

    @Override
    public List<Column> columns() {
        Set<String> names = new LinkedHashSet<>(prompt.fields());
        names.addAll(response.fields());
        return names.stream().map(Column::text).toList();
    }

    @Override
    public String prompt(Map<String, String> row) {
        return prompt.render(row);
    }

    @Override
    public String response(Map<String, String> row) {
        return response.render(row);
    }

    @Override
    public Optional<String> responseColumn() {
        List<String> fields = response.fields().stream().distinct().toList();
        return prompt.fields().isEmpty() || fields.size() != 1 || prompt.fields().containsAll(fields) ? Optional.empty() : Optional.of(fields.get(0));
    }

    @Override
    public String question(Map<String, String> row) {
        return prompt.fields().isEmpty() ? response(row) : prompt(row);
    }

    @Override
    public List<Segment> example(Map<String, String> row) {
        return segments(prompt(row), response(row), trainOn);
    }

    static List<Segment> segments(String prompt, String response, TrainOn trainOn) {
        return List.of(new Segment(prompt, trainOn == TrainOn.ALL), new Segment(response, true));
    }
}
