package io.softq4j.evaluation;

import java.util.Map;
import java.util.Objects;

/**
 * Correct is what equals a field of the record, of a conversation what the assistant says last; white space at the ends and its amount in between aside.
 *
 * @param field the field that holds the reference
 */
public record ExactMatch(String field) implements Task {

    public ExactMatch {
        Objects.requireNonNull(field, "field");
    }

    @Override
    public String name() {
        return Tasks.EXACT_MATCH + ":" + field;
    }

    @Override
    public boolean correct(Map<String, String> fields, String response) {
        return Words.normalise(Fields.require(fields, field, name())).equals(Words.normalise(response));
    }
}
