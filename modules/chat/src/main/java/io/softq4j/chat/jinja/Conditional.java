package io.softq4j.chat.jinja;

/** {@code yes if condition else no}; without the last part, Java's null, it is undefined. */
record Conditional(Expression yes, Expression condition, Expression no) implements Expression {

    @Override
    public Object value(Scope scope) {
        scope.run().step();
        if (Values.truth(condition.value(scope))) {
            return yes.value(scope);
        }
        return no == null ? new Undefined("the inline if has no else, and its condition is false") : no.value(scope);
    }
}
