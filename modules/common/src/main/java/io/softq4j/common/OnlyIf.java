package io.softq4j.common;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a key that is read only while another key of the same record has a certain value. Whoever gives it a value of its own beside
 * another one likely takes it for something that it is not; {@code ConfigFile.withoutEffect} names such keys.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface OnlyIf {

    /** The other key, in snake_case. */
    String key();

    /** What it has to be, as written in a file. */
    String is();
}
