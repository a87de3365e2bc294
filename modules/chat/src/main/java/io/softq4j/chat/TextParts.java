package io.softq4j.chat;

import io.softq4j.common.UserError;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Content that is a list of parts {@code {"type": "text", "text": "..."}}, as a template takes it: many expect a string and would write the
 * list as Python prints it, or nothing. What a template makes of parts is found by rendering some; where it does not write them one after
 * the other, they are joined.
 */
final class TextParts {

    private static final Pattern BOTH = Pattern.compile("softqone\\s*softqtwo");

    private final ChatTemplate template;
    private final Map<String, Boolean> takes = new ConcurrentHashMap<>();

    TextParts(ChatTemplate template) {
        this.template = template;
    }

    /** The messages, parts joined where the template expects a string. */
    List<Message> joined(List<Message> messages) {
        if (messages.stream().noneMatch(Message::hasParts)) {
            return messages;
        }
        return messages.stream().map(m -> m.hasParts() && !takes.computeIfAbsent(m.role(), this::takesParts) ? m.with("content", m.text())
                : m).toList();
    }

    private boolean takesParts(String role) {
        Message parts = new Message(Map.of("role", role, "content",
                List.of(Map.of("type", "text", "text", "softqone"), Map.of("type", "text", "text", "softqtwo"))));
        List<Message> messages = new ArrayList<>();
        if (!role.equals("system") && !role.equals("user")) {
            messages.add(Message.of("user", "a"));
        }
        if (role.equals("tool")) {
            messages.add(Message.of("assistant", "b"));
        }
        messages.add(parts);
        if (role.equals("system")) {
            messages.add(Message.of("user", "a"));
        }
        try {
            return BOTH.matcher(template.render(messages, false)).find();
        } catch (UserError e) {
            return false;
        }
    }
}
