package io.softq4j.chat.jinja;

/** {@code callee(arguments)}. */
record Call(Expression callee, CallArguments arguments) implements Expression {

    @Override
    public Object value(Scope scope) {
        scope.run().step();
        Object function = callee.value(scope);
        if (function instanceof Callable callable) {
            return callable.call(arguments.values(scope), scope.run());
        }
        throw function instanceof Undefined u ? u.error() : new TemplateError("a " + Values.kind(function) + " cannot be called");
    }
}
