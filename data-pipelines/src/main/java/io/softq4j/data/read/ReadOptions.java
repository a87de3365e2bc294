package io.softq4j.data.read;

import io.softq4j.common.UserError;
import io.softq4j.data.row.Column;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How a corpus file is read.
 *
 * @param sampleBy what of a plain text file is a row
 * @param columns  those that will be asked for; for the messages only, which show what a row should look like
 */
public record ReadOptions(SampleBy sampleBy, List<Column> columns) implements Serializable {

    public ReadOptions {
        if (sampleBy == null) {
            throw new UserError("sample_by must have a value: line, paragraph or document");
        }
        // an ArrayList, as that of List.of may change its serial form
        columns = Collections.unmodifiableList(new ArrayList<>(columns));
    }

    /** Plain text by lines. */
    public static ReadOptions of(List<Column> columns) {
        return new ReadOptions(SampleBy.LINE, columns);
    }

    /** A row with the columns, as JSON. */
    String exampleRow() {
        return columns.stream().map(column -> "\"" + column.name() + "\": \"...\"").collect(Collectors.joining(", ", "{", "}"));
    }
}
