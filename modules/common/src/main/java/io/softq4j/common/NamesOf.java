package io.softq4j.common;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks the list of names of another list of the same record, one for each of its entries. A configuration may then write the entries
 * below their names, {@code validation: {easy: a.jsonl, hard: [b.jsonl, c.jsonl]}}, and the record has both lists all the same.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface NamesOf {

    /** The key of the list of texts that is named, in snake_case. */
    String value();
}
