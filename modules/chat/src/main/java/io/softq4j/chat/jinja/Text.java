package io.softq4j.chat.jinja;

/** Plain text. */
record Text(String text) implements Statement {

    @Override
    public Flow run(Scope scope, StringBuilder out) {
        scope.run().step();
        scope.run().characters(text.length());
        out.append(text);
        return Flow.NEXT;
    }
}
