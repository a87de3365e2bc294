package io.softq4j.chat.jinja;

import java.util.ArrayList;
import java.util.List;

/**
 * {@code {% for target in items if condition %} {% else %}}. Every turn has a scope of its own.
 *
 * @param line      of the tag
 * @param target    what an item is called
 * @param items     what is looped over
 * @param condition of an item to be looped over, or null
 * @param body      of the loop
 * @param otherwise if there was no item
 */
record For(int line, Target target, Expression items, Expression condition, Body body, Body otherwise) implements Statement {

    @Override
    public Flow run(Scope scope, StringBuilder out) {
        Run run = scope.run();
        run.at(line);
        List<Object> all = Values.items(items.value(scope), run);
        List<Object> chosen = condition == null ? all : chosen(all, scope);
        if (chosen.isEmpty()) {
            return otherwise.run(scope, out);
        }
        Loop loop = new Loop(chosen);
        for (int i = 0; i < chosen.size(); i++) {
            run.step();
            loop.at(i);
            Scope inner = scope.inner();
            inner.set("loop", loop);
            target.set(inner, chosen.get(i));
            if (body.run(inner, out) == Flow.BREAK) {
                break;
            }
        }
        return Flow.NEXT;
    }

    private List<Object> chosen(List<Object> all, Scope scope) {
        List<Object> chosen = new ArrayList<>();
        for (Object item : all) {
            scope.run().items(1);
            Scope inner = scope.inner();
            target.set(inner, item);
            if (Values.truth(condition.value(inner))) {
                chosen.add(item);
            }
        }
        return chosen;
    }
}
