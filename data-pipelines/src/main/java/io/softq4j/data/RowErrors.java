package io.softq4j.data;

import io.softq4j.chat.NotRendered;
import io.softq4j.common.UserError;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What was wrong with the rows that were left out. */
final class RowErrors {

    private String first;
    private final TreeMap<String, Long> fields = new TreeMap<>();

    /** Takes note of an error, or of none where it is null; gives what is said behind the place of the row, the field that a template does not write. */
    String add(UserError error) {
        if (error == null) {
            return "";
        }
        first = first == null ? error.getMessage() : first;
        if (!(error.getCause() instanceof NotRendered lost)) {
            return "";
        }
        fields.merge(lost.field(), 1L, Long::sum);
        return " (" + lost.field() + ")";
    }

    /** The message of the first. */
    Optional<String> first() {
        return Optional.ofNullable(first);
    }

    /** The fields that a chat template does not write, each with its number of rows. */
    Optional<String> fields() {
        return fields.isEmpty() ? Optional.empty()
                : Optional.of(fields.entrySet().stream().map(field -> field.getKey() + " (" + field.getValue() + ")").collect(Collectors.joining(", ")));
    }
}
