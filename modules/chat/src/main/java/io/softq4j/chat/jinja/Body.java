package io.softq4j.chat.jinja;

import java.util.List;

/** Statements one after the other. */
record Body(List<Statement> statements) implements Statement {

    @Override
    public Flow run(Scope scope, StringBuilder out) {
        // by index: this is the innermost loop, an iterator would be made each time
        for (int i = 0; i < statements.size(); i++) {
            Flow flow = statements.get(i).run(scope, out);
            if (flow != Flow.NEXT) {
                return flow;
            }
        }
        return Flow.NEXT;
    }

    /** What it writes. */
    String text(Scope scope) {
        StringBuilder out = new StringBuilder();
        run(scope, out);
        return out.toString();
    }
}
