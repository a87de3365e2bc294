package io.softq4j.chat.jinja;

/** {@code value is name(arguments)}. */
record TestCall(Expression value, String name, CallArguments arguments) implements Expression {

    @Override
    public Object value(Scope scope) {
        scope.run().step();
        return Tests.named(name).holds(value.value(scope), arguments.values(scope), scope.run());
    }
}
