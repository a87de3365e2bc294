package io.softq4j.chat.jinja;

/** A string, number, true, false or none as written. */
record Literal(Object constant) implements Expression {

    @Override
    public Object value(Scope scope) {
        return constant;
    }
}
