package io.softq4j.chat.jinja;

import java.util.List;

/**
 * {@code {% if %} {% elif %} {% else %}}.
 *
 * @param branches  with their conditions, in order
 * @param otherwise if none holds
 */
record If(List<Branch> branches, Body otherwise) implements Statement {

    /** What is done if a condition holds. */
    record Branch(int line, Expression condition, Body body) {
    }

    @Override
    public Flow run(Scope scope, StringBuilder out) {
        for (int i = 0; i < branches.size(); i++) {
            Branch branch = branches.get(i);
            scope.run().at(branch.line);
            scope.run().step();
            if (Values.truth(branch.condition.value(scope))) {
                return branch.body.run(scope, out);
            }
        }
        return otherwise.run(scope, out);
    }
}
