package io.softq4j.chat.jinja;

/** {@code {% set target = value %}}. */
record Assign(int line, Target target, Expression value) implements Statement {

    @Override
    public Flow run(Scope scope, StringBuilder out) {
        scope.run().at(line);
        scope.run().items(1);
        target.set(scope, value.value(scope));
        return Flow.NEXT;
    }
}
