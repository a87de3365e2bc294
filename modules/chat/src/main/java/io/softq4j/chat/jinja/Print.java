package io.softq4j.chat.jinja;

/** {@code {{ value }}}. */
record Print(int line, Expression value) implements Statement {

    @Override
    public Flow run(Scope scope, StringBuilder out) {
        scope.run().at(line);
        String text = Values.text(value.value(scope), scope.run());
        scope.run().step();
        scope.run().characters(text.length());
        out.append(text);
        return Flow.NEXT;
    }
}
