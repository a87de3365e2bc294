package io.softq4j.common;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The finite numbers that a record component may hold, or each number of its list. {@link Keys} checks it where the record is made. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Range {

    /** The least number allowed. */
    double atLeast() default Double.NEGATIVE_INFINITY;

    /** A number below all that are allowed. */
    double above() default Double.NEGATIVE_INFINITY;

    /** The greatest number allowed. */
    double atMost() default Double.POSITIVE_INFINITY;

    /** A number above all that are allowed. */
    double below() default Double.POSITIVE_INFINITY;

    /** Numbers that are allowed although they are outside: those with a meaning of their own. */
    double[] or() default {};
}
