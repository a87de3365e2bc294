package io.softq4j.chat.jinja;

/** {@code value | name(arguments)}. A filter that does not exist is an error when it is come to, as it may never be. */
record FilterCall(Expression value, String name, CallArguments arguments) implements Expression {

    @Override
    public Object value(Scope scope) {
        scope.run().step();
        return Filters.named(name).apply(value.value(scope), arguments.values(scope), scope.run());
    }
}
