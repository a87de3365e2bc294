package io.softq4j.chat.jinja;

import java.util.List;

/** What a value is given to. */
sealed interface Target {

    void set(Scope scope, Object value);

    /** A variable. */
    record Name(String name) implements Target {

        @Override
        public void set(Scope scope, Object value) {
            scope.set(name, value);
        }
    }

    /** A field of a namespace. */
    record Field(String namespace, String name) implements Target {

        @Override
        public void set(Scope scope, Object value) {
            if (!(scope.get(namespace) instanceof Namespace fields)) {
                throw new TemplateError("cannot set " + namespace + "." + name + ": " + namespace + " is no namespace()");
            }
            fields.values().put(name, value);
        }
    }

    /** As many as the value has items. */
    record Several(List<Target> targets) implements Target {

        @Override
        public void set(Scope scope, Object value) {
            List<Object> items = Values.items(value, scope.run());
            if (items.size() != targets.size()) {
                throw new TemplateError("a " + Values.kind(value) + " of " + items.size() + " items cannot be given to " + targets.size()
                        + " variables");
            }
            for (int i = 0; i < targets.size(); i++) {
                targets.get(i).set(scope, items.get(i));
            }
        }
    }
}
