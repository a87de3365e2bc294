package io.softq4j.common;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The form of the text that a record component may hold, or of each text of its list. {@link Keys} checks it where the record is made. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Form {

    /** A regular expression that a whole text matches, of the syntax that Java and JavaScript share. */
    String value();
}
