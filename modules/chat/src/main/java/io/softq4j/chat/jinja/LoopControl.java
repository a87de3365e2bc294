package io.softq4j.chat.jinja;

/** {@code {% break %}} and {@code {% continue %}}. */
record LoopControl(Flow flow) implements Statement {

    @Override
    public Flow run(Scope scope, StringBuilder out) {
        scope.run().step();
        return flow;
    }
}
