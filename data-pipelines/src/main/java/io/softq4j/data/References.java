package io.softq4j.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.softq4j.common.Json;
import io.softq4j.common.UserError;
import io.softq4j.data.render.Layout;
import io.softq4j.data.row.DropReason;
import io.softq4j.data.row.Row;
import io.softq4j.data.row.RowError;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The columns that hold texts which would all be right: one with a list, or several with a text each. Rows are read with all of them in the column
 * {@link #COLUMN}, a list, as often as they stand there; null and blank texts are none.
 *
 * @param columns as the configuration names them; empty if it names none, and then a column {@link #COLUMN} counts if it holds text
 */
public record References(List<String> columns) {

    /** The usual name, and the one that rows have after they are read. */
    static final String COLUMN = Layout.REFERENCES;

    private static final String ALLOWED = "expected a text or a list of texts, in which numbers and booleans are texts too, and null is none";

    static References of(DataConfig data) {
        return new References(data.references());
    }

    /**
     * The references of a row as the configuration says where they are; none if it has no such column.
     *
     * @throws RowError if such a column holds what is no text
     */
    public static List<String> of(DataConfig data, Row row) {
        Row gathered = of(data).gathered(row);
        return in(gathered).orElseGet(() -> {
            if (gathered.has(COLUMN) && data.references().isEmpty()) {
                throw noTexts(gathered);
            }
            return List.of();
        });
    }

    /**
     * Makes sure that each column which the configuration names is in one of the rows, if any of the columns is in any of them.
     *
     * @param rows  of a file
     * @param where it is
     * @throws UserError naming the columns that no row has
     */
    public static void requireColumns(DataConfig data, List<Row> rows, String where) {
        List<String> unknown = data.references().stream().filter(name -> rows.stream().noneMatch(row -> row.has(name))).toList();
        if (!unknown.isEmpty() && unknown.size() < data.references().size()) {
            throw unknown(unknown, where, rows.get(0).columns());
        }
    }

    /** Of columns that the configuration names and no row has. */
    static UserError unknown(List<String> names, String where, List<String> columns) {
        return new UserError("data.references names " + names + ", and no row of " + where + " has such a column. Columns of the first row: " + columns
                + ". Correct the names, or leave them out of data.references.");
    }

    /**
     * The row with its references in one list; a row without such columns stays as it is.
     *
     * @throws RowError if a column that the configuration names holds what is no text
     */
    Row gathered(Row row) {
        List<String> names = columns.isEmpty() ? List.of(COLUMN) : columns;
        List<String> texts = new ArrayList<>();
        boolean any = false;
        for (String name : names) {
            Optional<JsonNode> value = row.value(name);
            if (value.isEmpty()) {
                continue;
            }
            Optional<List<String>> found = texts(value.get());
            if (found.isEmpty() && columns.isEmpty()) {
                return row;    // a column of that name which is something else
            }
            texts.addAll(found.orElseThrow(() -> new RowError(DropReason.NOT_TEXT, row.file(), row.line(), "field \"" + name + "\", which data.references "
                    + "names, is " + value.get() + "; " + ALLOWED)));
            any = true;
        }
        if (!any) {
            return row;
        }
        ArrayNode list = Json.STRICT.createArrayNode();
        texts.forEach(list::add);
        ObjectNode object = row.object().deepCopy();
        object.set(COLUMN, list);
        return new Row(row.file(), row.line(), object);
    }

    private static Optional<List<String>> texts(JsonNode value) {
        JsonNode list = value.isTextual() ? parsed(value) : value;
        List<String> texts = new ArrayList<>();
        for (JsonNode text : list.isArray() ? list : List.of(list)) {
            if (!text.isValueNode()) {
                return Optional.empty();
            }
            if (!text.isNull() && !text.asText().isBlank()) {
                texts.add(text.asText());
            }
        }
        return Optional.of(texts);
    }

    /** A table has a list as JSON; what is none is a text that begins with a bracket. */
    private static JsonNode parsed(JsonNode text) {
        if (!text.textValue().stripLeading().startsWith("[")) {
            return text;
        }
        try {
            JsonNode list = Json.STRICT.readTree(text.textValue());
            return list.isArray() ? list : text;
        } catch (JsonProcessingException e) {
            return text;
        }
    }

    /**
     * The references of a row that was {@link #gathered}; empty if it has no such column, or one of that name which is something else: a list with no text.
     *
     * @throws RowError if the list has texts, and what is none beside them
     */
    static Optional<List<String>> in(Row row) {
        JsonNode list = row.object().get(COLUMN);
        if (list == null || !list.isArray()) {
            return Optional.empty();
        }
        if (list.valueStream().allMatch(JsonNode::isTextual)) {
            return Optional.of(list.valueStream().map(JsonNode::textValue).toList());
        }
        if (list.valueStream().anyMatch(text -> text.isValueNode() && !text.isNull())) {
            throw noTexts(row);
        }
        return Optional.empty();
    }

    /** Of a row whose column {@link #COLUMN} is something else, where it has to be references. */
    static RowError noTexts(Row row) {
        return new RowError(DropReason.NOT_TEXT, row.file(), row.line(), "field \"" + COLUMN + "\" is " + row.object().get(COLUMN) + "; " + ALLOWED
                + ". Correct it, or name the column with the references in data.references");
    }

    /** The row as often as it has references, each with one of them in the column {@code to}. */
    static List<Row> each(Row row, String to) {
        List<Row> rows = new ArrayList<>();
        for (String text : in(row).orElse(List.of())) {
            ObjectNode object = row.object().deepCopy();
            object.put(to, text);
            rows.add(new Row(row.file(), row.line(), object));
        }
        return rows;
    }
}
