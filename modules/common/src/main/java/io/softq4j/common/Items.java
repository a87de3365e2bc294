package io.softq4j.common;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** How many values the list of a record component may have, and whether they differ. {@link Keys} checks it where the record is made. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Items {

    /** The least number of values. */
    int atLeast() default 0;

    /** Every number of values that is allowed; none: any. */
    int[] count() default {};

    /** Whether no value may stand twice. */
    boolean distinct() default false;

    /** Of a list of lists: the least number of values of each. */
    int eachAtLeast() default 0;
}
