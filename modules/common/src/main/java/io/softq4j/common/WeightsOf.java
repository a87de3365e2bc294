package io.softq4j.common;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks the list of weights of another list of the same record, one for each of its entries. A configuration may then write each weight at
 * its entry, {@code train: [{path: a.jsonl, weight: 3}, b.jsonl]}, and the record has both lists all the same.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface WeightsOf {

    /** The key of the list of texts that is weighted, in snake_case. */
    String value();
}
