package io.softq4j.tokens;

import io.softq4j.common.UserError;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Text with fields in braces, such as {@code "Question: {question}\nAnswer:"}; a doubled brace stands for the brace itself.
 * What a field holds is put in as it is and not looked at again.
 */
public final class PromptTemplate {

    private final String source;
    /** Literal text and field names by turns, text first and last. */
    private final List<String> parts = new ArrayList<>();

    /**
     * Reads a template.
     *
     * @throws UserError if a brace is not closed or a field has no name
     */
    public PromptTemplate(String source) {
        this.source = source;
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < source.length(); i++) {
            char c = source.charAt(i);
            boolean doubled = i + 1 < source.length() && source.charAt(i + 1) == c;
            if ((c == '{' || c == '}') && doubled) {
                text.append(c);
                i++;
            } else if (c == '{') {
                int close = source.indexOf('}', i);
                if (close < 0) {
                    throw malformed("the brace at character " + (i + 1) + " is not closed");
                }
                String field = source.substring(i + 1, close);
                if (field.isBlank() || field.contains("{")) {
                    throw malformed("{" + field + "} at character " + (i + 1) + " names no field");
                }
                parts.add(text.toString());
                parts.add(field);
                text.setLength(0);
                i = close;
            } else if (c == '}') {
                throw malformed("the brace at character " + (i + 1) + " closes nothing");
            } else {
                text.append(c);
            }
        }
        parts.add(text.toString());
    }

    private UserError malformed(String what) {
        return new UserError("template \"" + source + "\": " + what + ". Write {field} for a field of the record, {{ or }} for a brace");
    }

    private PromptTemplate(String source, List<String> parts) {
        this.source = source;
        this.parts.addAll(parts);
    }

    /** The same template over other names: each field by its value in {@code names}, or as it is where it has none. */
    public PromptTemplate renamed(Map<String, String> names) {
        List<String> renamed = new ArrayList<>(parts);
        for (int i = 1; i < renamed.size(); i += 2) {
            renamed.set(i, names.getOrDefault(renamed.get(i), renamed.get(i)));
        }
        return new PromptTemplate(source, renamed);
    }

    /** The fields it needs, in the order of their first use. */
    public Set<String> fields() {
        Set<String> fields = new LinkedHashSet<>();
        for (int i = 1; i < parts.size(); i += 2) {
            fields.add(parts.get(i));
        }
        return fields;
    }

    /**
     * The text for one record.
     *
     * @throws UserError if a field is missing; it names those present
     */
    public String render(Map<String, String> record) {
        StringBuilder text = new StringBuilder(parts.get(0));
        for (int i = 1; i < parts.size(); i += 2) {
            String value = record.get(parts.get(i));
            if (value == null) {
                throw new UserError("template \"" + source + "\" needs the field \"" + parts.get(i) + "\"; the record has "
                        + record.keySet());
            }
            text.append(value).append(parts.get(i + 1));
        }
        return text.toString();
    }

    /** The template as it was written. */
    @Override
    public String toString() {
        return source;
    }
}
