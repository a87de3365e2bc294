package io.softq4j.chat;

import com.fasterxml.jackson.databind.JsonNode;
import io.softq4j.common.UserError;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Fields of messages that a template writes nothing of, such as {@code name} or {@code audio}: no fault of a row, since they may be notes,
 * but worth a line. What a message says ({@link Coverage}) and what masks it is not among them. A field is tried once for each role, by the
 * rendering with it and without it.
 */
final class UnwrittenFields {

    private static final Set<String> SAID = Set.of("role", "content", "tool_calls", "function_call", "tools", "functions");
    private static final int MOST_KNOWN = 10_000;

    private final ChatTemplate template;
    /** Whether a field of a role is written. */
    private final Map<List<String>, Boolean> written = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> messages = new ConcurrentHashMap<>();

    UnwrittenFields(ChatTemplate template) {
        this.template = template;
    }

    /** Looks at a conversation that the template takes. */
    void note(List<Message> conversation, List<JsonNode> tools) {
        for (int i = 0; i < conversation.size(); i++) {
            Message message = conversation.get(i);
            for (String field : message.fields().keySet()) {
                if (!SAID.contains(field) && !Message.REASONING.contains(field) && !message.isMask(field) && !isWritten(conversation, tools,
                        i, field)
                        && (messages.size() < MOST_KNOWN || messages.containsKey(field))) {
                    messages.computeIfAbsent(field, name -> new LongAdder()).increment();
                }
            }
        }
    }

    private boolean isWritten(List<Message> conversation, List<JsonNode> tools, int i, String field) {
        List<String> key = List.of(conversation.get(i).role(), field);
        Boolean known = written.get(key);
        if (known == null) {
            known = changes(conversation, tools, i, field);
            if (written.size() < MOST_KNOWN) {
                written.put(key, known);
            }
        }
        return known;
    }

    private boolean changes(List<Message> conversation, List<JsonNode> tools, int i, String field) {
        Map<String, Object> fewer = new LinkedHashMap<>(conversation.get(i).fields());
        Object value = fewer.remove(field);
        List<Message> without = new ArrayList<>(conversation);
        without.set(i, new Message(fewer));
        List<Message> with = new ArrayList<>(conversation);
        with.set(i, conversation.get(i).with(field, value instanceof String text ? text + "softqmark" : value));
        try {
            return !template.render(with, tools, false).equals(template.render(without, tools, false));
        } catch (UserError e) {
            return true;   // it looks at it
        }
    }

    /** In how many messages so far each stood. */
    Map<String, Long> counts() {
        Map<String, Long> counts = new TreeMap<>();
        messages.forEach((field, count) -> counts.put(field, count.sum()));
        return counts;
    }
}
