package io.softq4j.data.chat.jinja;

/** What has a value. */
interface Expression {

    Object value(Scope scope);
}
