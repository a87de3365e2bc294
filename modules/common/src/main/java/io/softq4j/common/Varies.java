package io.softq4j.common;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a map from keys of the whole configuration to what each may be in turn: a list of values, all different, or of a number that need
 * not be whole a range, {@code {min: 1e-4, max: 1e-2, scale: log}}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Varies {

    /** A regular expression of the keys that stay as they are. */
    String except();
}
