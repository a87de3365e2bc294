package io.softq4j.chat.jinja;

/** What has a value. */
interface Expression {

    Object value(Scope scope);
}
