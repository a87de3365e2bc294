package io.softq4j.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.softq4j.common.UserError;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntPredicate;
import java.util.stream.Stream;

/**
 * Whether a template writes all that a conversation says: the text of each message, its tool calls, the tools, and the reasoning of the
 * answers that are learned (templates may drop that of others). A copy of the conversation gets a mark into each of these, and the marks
 * are looked for in its rendering, so that no word of a message is taken for another. What a template writes depends on which fields there
 * are, hardly on what they hold: conversations of the same fields are tried once.
 */
final class Coverage {

    private static final String END_OF_THINKING = "</think>";
    private static final List<String> REASONING = Message.REASONING;
    /** What some corpora write into a message rather than into the row. */
    private static final List<String> TOOLS = List.of("tools", "functions");
    private static final int MOST_KNOWN = 10_000;

    /** Something that is not written. */
    private record Lost(String field, int message) {
    }

    private final ChatTemplate template;
    private final Map<List<String>, Optional<Lost>> known = new ConcurrentHashMap<>();

    Coverage(ChatTemplate template) {
        this.template = template;
    }

    /**
     * Sees to it that the template writes all of it.
     *
     * @param learned whether the message of that index is an answer that is learned
     * @throws NotRendered naming a field that is not written
     */
    void require(List<Message> messages, List<JsonNode> tools, IntPredicate learned) {
        List<String> fields = new ArrayList<>(messages.size() + 1);
        fields.add(tools.isEmpty() ? "" : "tools");
        for (int i = 0; i < messages.size(); i++) {
            fields.add(new Marker(messages.get(i), i, learned.test(i)).fields());
        }
        Optional<Lost> lost = known.get(fields);
        if (lost == null) {
            lost = lost(messages, tools, learned);
            if (known.size() < MOST_KNOWN) {
                known.put(Collections.unmodifiableList(fields), lost);
            }
        }
        lost.ifPresent(what -> {
            throw new NotRendered(what.field, "chat template " + template.origin() + " does not write " + (what.message < 0 ? "the row's "
                    + what.field
                    : "\"" + what.field + "\" of message " + (what.message + 1) + ", from " + messages.get(what.message).role())
                    + ", so a model would never see it. Use a template that does (data.chat_template), take the field out of the rows, or "
                    + "set on_error: "
                    + "skip to leave such rows out");
        });
    }

    private Optional<Lost> lost(List<Message> messages, List<JsonNode> tools, IntPredicate learned) {
        Map<String, Lost> marks = new LinkedHashMap<>();
        List<Message> marked = new ArrayList<>();
        for (int i = 0; i < messages.size(); i++) {
            Marker marker = new Marker(messages.get(i), i, learned.test(i));
            marked.add(marker.marked());
            marks.putAll(marker.marks);
        }
        List<JsonNode> markedTools = tools.stream().map(tool -> marked(tool, marks)).toList();
        String text;
        try {
            text = template.render(marked, markedTools, false).toLowerCase(Locale.ROOT);
        } catch (UserError e) {
            return Optional.empty();   // it refuses the marks; what it does with the row itself is seen where that is rendered
        }
        return marks.entrySet().stream().filter(mark -> !text.contains(mark.getKey())).map(Map.Entry::getValue).findFirst();
    }

    private static JsonNode marked(JsonNode tool, Map<String, Lost> marks) {
        JsonNode copy = tool.deepCopy();
        JsonNode function = copy.path("function").isObject() ? copy.get("function") : copy;
        if (function instanceof ObjectNode object && object.path("name").isTextual()) {
            String mark = "softqtool" + marks.size() + "x";
            marks.put(mark, new Lost("tools", -1));
            object.put("name", object.get("name").textValue() + mark);
        }
        return copy;
    }

    /** Puts marks into one message. */
    private static final class Marker {

        private final Message message;
        private final int index;
        private final boolean learned;
        private final Map<String, Lost> marks = new LinkedHashMap<>();

        Marker(Message message, int index, boolean learned) {
            this.message = message;
            this.index = index;
            this.learned = learned;
        }

        /** Who says it and which fields say something. */
        String fields() {
            StringBuilder fields = new StringBuilder(message.role()).append(learned ? " learned" : "");
            message.fields().forEach((name, value) -> {
                if (name.equals("content") || name.equals("tool_calls") || name.equals("function_call") || REASONING.contains(name)
                        || TOOLS.contains(name)) {
                    fields.append(' ').append(name).append(' ').append(kind(value));
                }
            });
            return fields.toString();
        }

        private static String kind(Object value) {
            if (value instanceof String text) {
                return text.isBlank() ? "blank" : text.contains(END_OF_THINKING) ? "thinking" : "text";
            } else if (value instanceof List<?> list) {
                return "list of " + list.size() + list.stream().map(Marker::kind).distinct().toList();
            } else if (value instanceof Map<?, ?> map) {
                return "map of " + map.keySet() + map.values().stream().map(Marker::kind).toList();
            }
            return value.getClass().getSimpleName();
        }

        Message marked() {
            Map<String, Object> fields = new LinkedHashMap<>(message.fields());
            fields.computeIfPresent("content", (name, content) -> content(content));
            fields.computeIfPresent("tool_calls", (name, calls) -> calls instanceof List<?> list ? list.stream().map(c -> call(c, name))
                    .toList() : calls);
            fields.computeIfPresent("function_call", (name, call) -> call(call, name));
            TOOLS.forEach(name -> fields.computeIfPresent(name, (n, value) -> said(value, name)));
            if (learned) {
                REASONING.forEach(name -> fields.computeIfPresent(name, (n, value) -> said(value, name)));
            }
            return new Message(fields);
        }

        private Object content(Object content) {
            if (content instanceof List<?> parts) {
                return parts.stream().map(part -> part instanceof Map<?, ?> map && map.get("text") instanceof String text
                        ? replaced(map, "text", text(text, "content")) : part).toList();
            }
            if (!(content instanceof String text)) {
                return content;
            }
            int thought = text.lastIndexOf(END_OF_THINKING);
            String said = text(text.substring(thought < 0 ? 0 : thought + END_OF_THINKING.length()), "content");
            return thought < 0 ? said : (learned ? text(text.substring(0, thought), "content") : text.substring(0, thought))
                    + END_OF_THINKING + said;
        }

        /** {@code {"function": {"name", "arguments"}}}, or what is within. */
        private Object call(Object call, String field) {
            if (!(call instanceof Map<?, ?> map)) {
                return call;
            }
            if (map.get("function") instanceof Map<?, ?> function) {
                return replaced(map, "function", call(function, field));
            }
            Map<Object, Object> marked = new LinkedHashMap<>(map);
            marked.computeIfPresent("name", (key, name) -> name instanceof String text ? text(text, field) : name);
            marked.computeIfPresent("arguments", (key, arguments) -> {
                if (arguments instanceof Map<?, ?> named && !named.isEmpty()) {
                    return replaced(named, text("argument", field), text("value", field));
                }
                return arguments instanceof String text ? text(text, field) : arguments;
            });
            return marked;
        }

        /** A text, or in lists and objects what names them, else their text. */
        private Object said(Object value, String field) {
            if (value instanceof String text) {
                return text(text, field);
            } else if (value instanceof List<?> list) {
                return list.stream().map(each -> said(each, field)).toList();
            } else if (value instanceof Map<?, ?> map) {
                return Stream.of("function", "name", "text").filter(map::containsKey).findFirst()
                        .<Object>map(key -> replaced(map, key, said(map.get(key), field))).orElse(map);
            }
            return value;
        }

        private static Map<Object, Object> replaced(Map<?, ?> map, Object key, Object value) {
            Map<Object, Object> copy = new LinkedHashMap<>(map);
            copy.put(key, value);
            return copy;
        }

        /** The text with a mark at its end, before white space and a closing tag; a blank one says nothing. */
        private String text(String text, String field) {
            if (text.isBlank()) {
                return text;
            }
            String mark = "softqmark" + index + "x" + marks.size() + "x";
            marks.put(mark, new Lost(field, index));
            String stripped = text.stripTrailing();
            int tag = stripped.endsWith(">") ? stripped.lastIndexOf("</") : -1;
            int end = tag < 0 ? stripped.length() : tag;
            return text.substring(0, end) + mark + text.substring(end);
        }
    }
}
