package io.softq4j.chat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.softq4j.chat.jinja.None;
import io.softq4j.common.Json;
import io.softq4j.common.UserError;
import io.softq4j.tokens.Unicode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A message is one entry of a conversation. A template can read all its fields: besides {@code role} and {@code content} there can be
 * {@code tool_calls}, {@code name}, {@code reasoning_content} and others that the template knows.
 *
 * @param fields by name, at least a {@code role}; values are strings, booleans, {@link Long}, {@link Double}, lists, maps and
 *               {@link None}
 */
public record Message(Map<String, Object> fields) {

    private static final String ASSISTANT = "assistant";
    private static final String TOOL_CALLS = "tool_calls";
    private static final String FUNCTION_CALL = "function_call";
    private static final String CALLS = "[{\"type\": \"function\", \"function\": {\"name\": \"...\", \"arguments\": {}}}]";
    /** Fields in which an answer says what is not its content. */
    static final List<String> REASONING = List.of("reasoning_content", "reasoning", "thinking", "tool_plan", "thoughts",
            "reasoning_details", "refusal");
    private static final List<String> MASKS = List.of("weight", "train", "training", "loss");
    private static final List<String> SAYING = Stream.concat(Stream.of(TOOL_CALLS, FUNCTION_CALL), REASONING.stream()).toList();

    public Message {
        if (!(fields.get("role") instanceof String role) || role.isBlank()) {
            throw new UserError("a message needs a role, such as user or assistant; this one has the fields " + fields.keySet());
        }
        if (!fields.containsKey("content") && !fields.containsKey("tool_calls") && !fields.containsKey("function_call")) {
            throw new UserError("the message from " + fields.get("role") + " has no content; it has the fields " + fields.keySet());
        }
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    /**
     * A message of text.
     *
     * @throws UserError if the text has a lone surrogate
     */
    public static Message of(String role, String content) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("role", role);
        fields.put("content", Unicode.requireWellFormed(content));
        return new Message(fields);
    }

    /**
     * A message as it stands in a corpus. The content is a string; or a list of parts {@code {"type": "text", "text": "..."}}, which
     * goes to the template as a list if that takes lists; or null where there are tool calls.
     *
     * @param where for messages, such as {@code "train.jsonl:3: field \"messages\""}
     * @throws UserError if it is no object, has no role, or has a content that is not text
     */
    public static Message of(JsonNode json, String where) {
        if (!json.isObject()) {
            throw new UserError(where + " is " + kind(json) + "; expected an object such as {\"role\": \"user\", \"content\": \"...\"}");
        }
        JsonNode role = json.path("role");
        if (!role.isTextual() || role.textValue().isBlank()) {
            throw new UserError(where + (json.has("from") ? ": there is no field \"role\", but \"from\", as in ShareGPT's format; "
                    + "rename from to role and value to content, and human to user, gpt to assistant"
                    : ": \"role\" is " + kind(role) + "; expected a string such as user or assistant"));
        }
        try {
            JsonNode called = withCalls(json, where);
            checkContent(called, where);
            @SuppressWarnings("unchecked")
            Map<String, Object> fields = (Map<String, Object>) JsonValues.of(called);
            return new Message(fields);
        } catch (UserError e) {
            throw e.getMessage().startsWith(where) ? e : new UserError(where + ": " + e.getMessage());
        }
    }

    /**
     * A conversation as it stands in a corpus: a list of messages.
     *
     * @param where for messages
     * @throws UserError if it is no list, is empty, or a message is malformed; it gives the place of the message, from 1
     */
    public static List<Message> conversation(JsonNode json, String where) {
        if (!json.isArray()) {
            throw new UserError(where + " is " + kind(json) + "; expected a list of messages such as [{\"role\": \"user\", \"content\": "
                    + "\"...\"}, "
                    + "{\"role\": \"assistant\", \"content\": \"...\"}]");
        }
        if (json.isEmpty()) {
            throw new UserError(where + " is an empty list; expected at least one message");
        }
        List<Message> messages = new ArrayList<>(json.size());
        for (int i = 0; i < json.size(); i++) {
            messages.add(of(json.get(i), where + ", message " + (i + 1)));
        }
        return Collections.unmodifiableList(messages);
    }

    /** The same with the calls as lists and objects: tables often hold them as JSON in a text, which no template would take for calls. */
    private static JsonNode withCalls(JsonNode json, String where) {
        JsonNode calls = unpacked(json.path(TOOL_CALLS), where, TOOL_CALLS);
        JsonNode call = unpacked(json.path(FUNCTION_CALL), where, FUNCTION_CALL);
        ObjectNode copy = json.deepCopy();
        if (!isNothing(calls)) {
            if (!calls.isArray()) {
                throw new UserError(where + ": \"" + TOOL_CALLS + "\" is " + kind(calls) + "; expected a list such as " + CALLS);
            }
            ArrayNode list = copy.putArray(TOOL_CALLS);
            for (JsonNode each : calls) {
                list.add(requireObject(unpacked(each, where, TOOL_CALLS), where, "a call of \"" + TOOL_CALLS + "\""));
            }
        }
        if (!isNothing(call)) {
            copy.set(FUNCTION_CALL, requireObject(call, where, "\"" + FUNCTION_CALL + "\""));
        }
        return copy;
    }

    private static JsonNode unpacked(JsonNode value, String where, String field) {
        if (!value.isTextual() || value.textValue().isBlank()) {
            return value;
        }
        try {
            return Json.STRICT.readTree(value.textValue());
        } catch (JsonProcessingException e) {
            throw new UserError(where + ": \"" + field + "\" is a text that is no JSON: " + Json.reason(e) + "; expected calls such as "
                    + CALLS, e);
        }
    }

    private static JsonNode requireObject(JsonNode call, String where, String what) {
        if (!call.isObject()) {
            throw new UserError(where + ": " + what + " is " + kind(call) + "; expected calls such as " + CALLS);
        }
        return call;
    }

    private static boolean isNothing(JsonNode value) {
        return value.isMissingNode() || value.isNull() || value.isTextual();   // only a blank text is left by now
    }

    private static void checkContent(JsonNode json, String where) {
        JsonNode content = json.path("content");
        boolean calls = json.path("tool_calls").isArray() && !json.get("tool_calls").isEmpty() || json.path("function_call").isObject();
        if (content.isArray()) {
            for (JsonNode part : content) {
                if (!part.path("type").asText().equals("text") || !part.path("text").isTextual()) {
                    throw new UserError(where + ": a part of \"content\" is not text: " + abbreviated(part.toString())
                            + "; only {\"type\": \"text\", \"text\": \"...\"} can be trained on");
                }
            }
        } else if (!content.isTextual() && !(calls && (content.isNull() || content.isMissingNode()))) {
            throw new UserError(where + ": \"content\" is " + kind(content) + "; expected a string, or a list of parts of text"
                    + (content.isNull() || content.isMissingNode() ? "; only a message with tool_calls can be without" : ""));
        }
    }

    private static String abbreviated(String text) {
        return text.length() <= 60 ? text : text.substring(0, 60) + "...";
    }

    private static String kind(JsonNode json) {
        return switch (json.getNodeType()) {
            case ARRAY -> "a list";
            case OBJECT -> "an object";
            case STRING -> "a string";
            case NUMBER -> "a number";
            case BOOLEAN -> "a boolean";
            case MISSING -> "missing";
            default -> "null";
        };
    }

    /** Who it is from. */
    public String role() {
        return (String) fields.get("role");
    }

    /** Whether it is what a model writes. */
    public boolean isAssistant() {
        return role().equals(ASSISTANT);
    }

    /** The text of its content, parts joined; empty if it has none. */
    public String text() {
        if (fields.get("content") instanceof List<?> parts) {
            StringBuilder text = new StringBuilder();
            for (Object part : parts) {
                text.append(part instanceof Map<?, ?> map && map.get("text") instanceof String own ? own : "");
            }
            return text.toString();
        }
        return fields.get("content") instanceof String text ? text : "";
    }

    /** Whether its content is a list. */
    boolean hasParts() {
        return fields.get("content") instanceof List<?>;
    }

    /** The same with another value of a field. */
    Message with(String field, Object value) {
        Map<String, Object> changed = new LinkedHashMap<>(fields);
        changed.put(field, value);
        return new Message(changed);
    }

    /** The field by which it says something; empty if it says nothing at all. */
    Optional<String> says() {
        return text().isBlank() ? SAYING.stream().filter(field -> !isBlank(fields.get(field))).findFirst() : Optional.of("content");
    }

    private static boolean isBlank(Object value) {
        return value == null || value == None.NONE || value instanceof String text && text.isBlank() || value instanceof List<?> list
                && list.isEmpty();
    }

    /**
     * Whether it is to be left out of what is learned: {@code "weight": 0}, as OpenAI has it, or {@code "train"}, {@code "training"}
     * (Axolotl) or {@code "loss"} false.
     *
     * @throws UserError if one of them is anything else but 0, 1, true or false
     */
    boolean isMasked() {
        boolean masked = false;
        for (String name : MASKS) {
            Object value = fields.getOrDefault(name, None.NONE);
            if (value != None.NONE && !isMask(name)) {
                if (!name.equals("loss")) {    // which may be a measure
                    throw new UserError("the \"" + name + "\" of a message from " + role() + " is " + value
                    + "; an answer is learned or not: "
                            + (name.equals("weight") ? "0 or 1" : "true or false"));
                }
                continue;
            }
            masked |= Boolean.FALSE.equals(value) || value instanceof Number number && number.doubleValue() == 0;
        }
        return masked;
    }

    /** Whether a field says if the message is learned. */
    boolean isMask(String name) {
        Object value = fields.get(name);
        boolean number = value instanceof Number n && (n.doubleValue() == 0 || n.doubleValue() == 1);
        boolean flag = value instanceof Boolean;
        return MASKS.contains(name) && (value == None.NONE || (name.equals("weight") ? number : name.equals("loss") ? number || flag
                : flag));
    }
}
