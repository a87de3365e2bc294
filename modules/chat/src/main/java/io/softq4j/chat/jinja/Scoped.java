package io.softq4j.chat.jinja;

import java.util.List;

/**
 * {@code {% with a = b %}} and {@code {% generation %}}: a body in a scope of its own.
 *
 * @param variables set first
 * @param body      what is in it
 */
record Scoped(List<Assign> variables, Body body) implements Statement {

    @Override
    public Flow run(Scope scope, StringBuilder out) {
        Scope inner = scope.inner();
        for (Assign variable : variables) {
            inner.run().step();
            variable.target().set(inner, variable.value().value(scope));
        }
        return body.run(inner, out);
    }
}
