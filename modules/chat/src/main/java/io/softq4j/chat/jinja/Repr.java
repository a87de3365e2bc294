package io.softq4j.chat.jinja;

import io.softq4j.common.PythonFloat;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Values as Python writes them. */
final class Repr {

    private final Run run;
    private final StringBuilder text = new StringBuilder();

    private Repr(Run run) {
        this.run = run;
    }

    static String of(Object value, Run run) {
        Repr repr = new Repr(run);
        repr.write(value);
        return repr.text.toString();
    }

    private void write(Object value) {
        run.step();
        if (value instanceof String s) {
            string(s);
        } else if (value instanceof Boolean b) {
            add(b ? "True" : "False");
        } else if (value instanceof Double d) {
            add(PythonFloat.str(d));
        } else if (value instanceof Number || value instanceof Range || value == None.NONE) {
            add(value.toString());
        } else if (value instanceof List<?> list) {
            boolean tuple = value instanceof Tuple;
            list(list, tuple ? "(" : "[", tuple ? list.size() == 1 ? ",)" : ")" : "]");
        } else if (value instanceof Map<?, ?> map) {
            mapping(map);
        } else if (value instanceof Undefined) {
            add("Undefined");
        } else {
            throw new TemplateError("a " + Values.kind(value) + " has no text");
        }
    }

    private void list(List<?> list, String open, String close) {
        run.enter();
        add(open);
        for (int i = 0; i < list.size(); i++) {
            add(i == 0 ? "" : ", ");
            write(list.get(i));
        }
        add(close);
        run.leave();
    }

    private void mapping(Map<?, ?> map) {
        run.enter();
        add("{");
        boolean first = true;
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            add(first ? "" : ", ");
            first = false;
            write(entry.getKey());
            add(": ");
            write(entry.getValue());
        }
        add("}");
        run.leave();
    }

    private void add(String part) {
        run.characters(part.length());
        text.append(part);
    }

    private void string(String s) {
        run.characters(2L + s.length());
        char quote = s.indexOf('\'') >= 0 && s.indexOf('"') < 0 ? '"' : '\'';
        text.append(quote);
        s.codePoints().forEach(c -> character(c, quote));
        text.append(quote);
    }

    private void character(int c, char quote) {
        if (c == quote || c == '\\') {
            text.append('\\').append((char) c);
        } else if (c == '\n') {
            text.append("\\n");
        } else if (c == '\r') {
            text.append("\\r");
        } else if (c == '\t') {
            text.append("\\t");
        } else if (isPrintable(c)) {
            text.appendCodePoint(c);
        } else {
            // up to ten characters for one
            run.characters(10);
            text.append(String.format(Locale.ROOT, c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x", c));
        }
    }

    private static boolean isPrintable(int c) {
        if (c >= ' ' && c < 0x7f) {
            return true;
        }
        switch (Character.getType(c)) {
            case Character.CONTROL:
            case Character.FORMAT:
            case Character.SURROGATE:
            case Character.PRIVATE_USE:
            case Character.UNASSIGNED:
            case Character.LINE_SEPARATOR:
            case Character.PARAGRAPH_SEPARATOR:
            case Character.SPACE_SEPARATOR:
                return false;
            default:
                return true;
        }
    }
}
