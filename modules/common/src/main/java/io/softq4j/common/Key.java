package io.softq4j.common;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What a key of the configuration means: the documentation of the record component it stands on. The tables of
 * {@code docs/configuration.md}, the JSON schema and the messages about refused values are made from it and from {@link Range}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Key {

    /** The meaning, in Markdown. Other keys are written as in a file, in snake_case. */
    String value();

    /** What is allowed, in Markdown, as far as the type and the {@link Range} do not say it: what a value such as 0 stands for, say. */
    String allowed() default "";
}
