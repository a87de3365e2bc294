package io.softq4j.chat.jinja;

import java.util.Arrays;

/** Variables by name, within those of the scope around it. A scope has few, so they are found one by one. */
final class Scope {

    private final Scope parent;
    private final Run run;
    private String[] names = new String[4];
    private Object[] values = new Object[4];
    private int size;

    private Scope(Scope parent, Run run) {
        this.parent = parent;
        this.run = run;
    }

    static Scope outermost(Run run) {
        return new Scope(null, run);
    }

    Scope inner() {
        return new Scope(this, run);
    }

    Run run() {
        return run;
    }

    Object get(String name) {
        for (Scope scope = this; scope != null; scope = scope.parent) {
            for (int i = 0; i < scope.size; i++) {
                if (scope.names[i].equals(name)) {
                    return scope.values[i];
                }
            }
        }
        Object global = Globals.FUNCTIONS.get(name);
        return global == null ? Undefined.variable(name) : global;
    }

    /** Sets it in this scope; one of the same name further out is hidden, not changed. */
    void set(String name, Object value) {
        for (int i = 0; i < size; i++) {
            if (names[i].equals(name)) {
                values[i] = value;
                return;
            }
        }
        if (size == names.length) {
            names = Arrays.copyOf(names, 2 * size);
            values = Arrays.copyOf(values, 2 * size);
        }
        names[size] = name;
        values[size++] = value;
    }
}
