package io.softq4j.chat.jinja;

import io.softq4j.common.PythonFloat;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Values as {@code json.dumps(value, ensure_ascii=False)} of Python writes them, which is what {@code tojson} of a chat template
 * gives: a space after a comma and a colon, nothing escaped for HTML.
 */
final class JsonText {

    private final Run run;
    private final String indent;
    private final String comma;
    private final String colon;
    private final boolean ascii;
    private final boolean sorted;
    private final StringBuilder text = new StringBuilder();

    /**
     * A writer of one value.
     *
     * @param indent of one level, or null for everything on one line
     * @param ascii  whether other characters are escaped
     * @param sorted whether the keys of mappings are sorted
     */
    JsonText(Run run, String indent, String comma, String colon, boolean ascii, boolean sorted) {
        this.run = run;
        this.indent = indent;
        this.comma = comma;
        this.colon = colon;
        this.ascii = ascii;
        this.sorted = sorted;
    }

    String of(Object value) {
        write(value, 0);
        return text.toString();
    }

    private void write(Object value, int level) {
        run.step();
        if (value instanceof String s) {
            string(s);
        } else if (value instanceof Number || value instanceof Boolean || value == None.NONE) {
            add(scalar(value));
        } else if (value instanceof List<?> list) {
            list(list, level);
        } else if (value instanceof Map<?, ?> map) {
            mapping(map, level);
        } else if (value instanceof Undefined u) {
            throw u.error();
        } else {
            throw new TemplateError("a " + Values.kind(value) + " cannot be written as JSON");
        }
    }

    private static String scalar(Object value) {
        if (value instanceof Double d) {
            return d.isNaN() ? "NaN" : d.isInfinite() ? d > 0 ? "Infinity" : "-Infinity" : PythonFloat.str(d);
        }
        return value == None.NONE ? "null" : value.toString();
    }

    private void list(List<?> list, int level) {
        run.enter();
        add("[");
        for (int i = 0; i < list.size(); i++) {
            add(i == 0 ? "" : comma);
            line(level + 1);
            write(list.get(i), level + 1);
        }
        if (!list.isEmpty()) {
            line(level);
        }
        add("]");
        run.leave();
    }

    private void mapping(Map<?, ?> map, int level) {
        run.enter();
        add("{");
        List<Object> keys = new ArrayList<>(map.keySet());
        if (sorted) {
            keys.sort((a, b) -> Values.compare(a, b, run));
        }
        for (int i = 0; i < keys.size(); i++) {
            add(i == 0 ? "" : comma);
            line(level + 1);
            string(keys.get(i) instanceof String s ? s : scalar(keys.get(i)));
            add(colon);
            write(map.get(keys.get(i)), level + 1);
        }
        if (!keys.isEmpty()) {
            line(level);
        }
        add("}");
        run.leave();
    }

    private void line(int level) {
        if (indent != null) {
            add("\n");
            for (int i = 0; i < level; i++) {
                add(indent);
            }
        }
    }

    private void add(String part) {
        run.characters(part.length());
        text.append(part);
    }

    private void string(String s) {
        run.characters(2L + s.length());
        text.append('"');
        for (int i = 0; i < s.length(); i++) {
            character(s.charAt(i));
        }
        text.append('"');
    }

    private void character(char c) {
        switch (c) {
            case '"':
                text.append("\\\"");
                return;
            case '\\':
                text.append("\\\\");
                return;
            case '\n':
                text.append("\\n");
                return;
            case '\r':
                text.append("\\r");
                return;
            case '\t':
                text.append("\\t");
                return;
            case '\f':
                text.append("\\f");
                return;
            case '\b':
                text.append("\\b");
                return;
            default:
                if (c < ' ' || ascii && c > '~') {
                    run.characters(6);
                    text.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
                } else {
                    text.append(c);
                }
        }
    }
}
