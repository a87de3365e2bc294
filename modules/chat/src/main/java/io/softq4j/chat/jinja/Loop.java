package io.softq4j.chat.jinja;

import java.util.List;

/** The variable {@code loop}: where a loop is. */
final class Loop {

    private final List<Object> items;
    private int index;

    Loop(List<Object> items) {
        this.items = items;
    }

    void at(int newIndex) {
        index = newIndex;
    }

    Object property(String name) {
        switch (name) {
            case "index":
                return index + 1L;
            case "index0":
                return (long) index;
            case "revindex":
                return (long) items.size() - index;
            case "revindex0":
                return items.size() - index - 1L;
            case "first":
                return index == 0;
            case "last":
                return index == items.size() - 1;
            case "length":
                return (long) items.size();
            case "previtem":
                return index == 0 ? Undefined.in(this, name) : items.get(index - 1);
            case "nextitem":
                return index == items.size() - 1 ? Undefined.in(this, name) : items.get(index + 1);
            case "cycle":
                return (Callable) (arguments, run) -> cycle(arguments);
            default:
                return Undefined.in(this, name);
        }
    }

    private Object cycle(Arguments arguments) {
        if (arguments.positional().isEmpty()) {
            throw new TemplateError("loop.cycle() needs something to choose from");
        }
        return arguments.positional().get(index % arguments.positional().size());
    }
}
