package io.softq4j.chat.jinja;

/** {@code {% macro name(parameters) %}}. */
record MacroTag(String name, Signature signature, Body body) implements Statement {

    @Override
    public Flow run(Scope scope, StringBuilder out) {
        scope.run().items(1);
        scope.set(name, new Macro(name, signature, body, scope));
        return Flow.NEXT;
    }
}
