package io.softq4j.data.render;

import com.fasterxml.jackson.databind.JsonNode;
import io.softq4j.common.UserError;
import io.softq4j.data.row.Row;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Where a corpus keeps what.
 *
 * @param shape   what its rows look like, never {@link Shape#AUTO}
 * @param columns the column of each field of the shape that the corpus has
 */
public record Layout(Shape shape, Map<String, String> columns) {

    /** The order in which shapes are tried: a row of several is taken for the first. */
    private static final List<Shape> RECOGNISED = List.of(Shape.MESSAGES, Shape.SHAREGPT, Shape.PROMPT_COMPLETION, Shape.ALPACA, Shape.GSM8K, Shape.XSUM,
            Shape.TRANSLATION, Shape.TEXT);

    /** The column of texts that would all be right. */
    public static final String REFERENCES = "references";

    private static final Map<String, List<String>> OTHER_NAMES = Map.of("completion", List.of("response", REFERENCES), "document", List.of("article"),
            "summary", List.of("highlights", REFERENCES), "output", List.of(REFERENCES), "answer", List.of(REFERENCES));

    public Layout {
        columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
    }

    /**
     * What the corpus is taken for.
     *
     * @param shape   AUTO or the shape the user says it has
     * @param columns the columns the user says the fields are in; the others are looked for by their names
     * @param first   a row of the corpus
     * @throws UserError if the row has not the columns; it names those it has
     */
    public static Layout of(Shape shape, Map<String, String> columns, Row first) {
        if (shape == Shape.TEMPLATE) {
            return new Layout(shape, Map.of());
        }
        if (shape != Shape.AUTO) {
            requireFields(shape, columns);
            return find(shape, columns, first).orElseThrow(() -> new UserError(first.file() + ":" + first.line() + ": a corpus of shape " + shape.key()
                    + " has the columns " + shape.required() + "; the row has " + first.columns()
                    + ". Say which column is which: data.columns: {" + shape.required().get(0) + ": NAME, ...}"));
        }
        return find(columns, first).orElseThrow(() -> unknown(columns, first));
    }

    /** The first shape that has all its columns in the row; {@code columns} as for {@link #of}. */
    public static Optional<Layout> find(Map<String, String> columns, Row first) {
        return RECOGNISED.stream().filter(s -> fieldsOf(s).containsAll(columns.keySet())).map(s -> find(s, columns, first)).flatMap(Optional::stream)
                .findFirst();
    }

    /** As rows of this shape, if the row has what a prompt needs: the first of the required fields. */
    public static Optional<Layout> findPrompt(Shape shape, Map<String, String> columns, Row first) {
        Map<String, String> found = found(shape, columns, first);
        String prompt = found.get(shape.required().get(0));
        return prompt != null && first.has(prompt) ? Optional.of(new Layout(shape, found)) : Optional.empty();
    }

    /** The same with the field that is in the column {@code from}, or is called so, in the column {@code to}. */
    public Layout renamed(String from, String to) {
        Map<String, String> changed = new LinkedHashMap<>(columns);
        changed.replaceAll((field, column) -> column.equals(from) ? to : column);
        if (!columns.containsValue(from)) {
            changed.put(from, to);
        }
        return new Layout(shape, changed);
    }

    private static void requireFields(Shape shape, Map<String, String> columns) {
        for (String field : columns.keySet()) {
            if (!fieldsOf(shape).contains(field)) {
                throw new UserError("columns: a corpus of shape " + shape.key() + " has no field '" + field + "'; its fields are " + fieldsOf(shape));
            }
        }
    }

    private static UserError unknown(Map<String, String> columns, Row first) {
        String known = RECOGNISED.stream().map(s -> s.key() + " " + s.required()).collect(Collectors.joining(", "));
        return new UserError(first.file() + ":" + first.line() + ": the columns " + first.columns() + (columns.isEmpty() ? "" : " with columns " + columns)
                + " are of no known shape: " + known + ". " + listInside(first) + "Name the columns, as in data.columns: {prompt: NAME, completion: NAME}, or write templates, "
                + "as in data.prompt: \"{NAME}\" and data.response: \"{NAME}\"");
    }

    /** A file that is one object around its rows. */
    private static String listInside(Row row) {
        for (String column : row.columns()) {
            JsonNode value = row.object().get(column);
            if (value.isArray() && value.size() > 0 && value.get(0).isObject()) {
                return "If the rows are in the list \"" + column + "\", take them out of it: jq -c '." + column + "[]' FILE > rows.jsonl. ";
            }
        }
        return "";
    }

    private static List<String> fieldsOf(Shape shape) {
        List<String> fields = new ArrayList<>(shape.required());
        fields.addAll(shape.optional());
        return fields;
    }

    private static Optional<Layout> find(Shape shape, Map<String, String> named, Row row) {
        Map<String, String> found = found(shape, named, row);
        return found.keySet().containsAll(shape.required()) ? Optional.of(new Layout(shape, found)) : Optional.empty();
    }

    /** The fields of the shape that have a column: the one named for them, else one of their usual names that the row has. */
    private static Map<String, String> found(Shape shape, Map<String, String> named, Row row) {
        Map<String, String> found = new LinkedHashMap<>();
        if (shape == Shape.TRANSLATION) {
            found.putAll(languages(row));
        }
        for (String field : fieldsOf(shape)) {
            String column = named.get(field);
            if (column != null) {
                found.put(field, column);
                continue;
            }
            List<String> names = new ArrayList<>(List.of(field));
            names.addAll(OTHER_NAMES.getOrDefault(field, List.of()));
            names.stream().filter(row::has).findFirst().ifPresent(name -> found.put(field, name));
        }
        return found;
    }

    /** The first two languages of {@code {"translation": {"en": ..., "de": ...}}}, in the order the row has them. */
    private static Map<String, String> languages(Row row) {
        JsonNode translation = row.object().get("translation");
        if (translation == null || !translation.isObject() || translation.size() < 2) {
            return Map.of();
        }
        List<String> names = new ArrayList<>();
        translation.fieldNames().forEachRemaining(names::add);
        Map<String, String> found = new LinkedHashMap<>();
        found.put("source", "translation." + names.get(0));
        found.put("target", "translation." + names.get(1));
        return found;
    }
}
