package io.softq4j.chat.jinja;

/** The text that a body writes, in a scope of its own. */
record Rendered(Body body) implements Expression {

    @Override
    public Object value(Scope scope) {
        return body.text(scope.inner());
    }
}
