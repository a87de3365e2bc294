package io.softq4j.data.render;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.softq4j.chat.Message;
import io.softq4j.common.Json;
import io.softq4j.common.UserError;
import io.softq4j.data.row.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A column that holds a list of messages, in OpenAI's names ({@code role}, {@code content}) or ShareGPT's ({@code from}, {@code value}). */
final class ConversationColumn implements Conversations {

    private static final JsonMapper MAPPER = Json.STRICT;

    /** ShareGPT's speakers. */
    static final Map<String, String> ROLES = Map.of("human", "user", "user", "user", "gpt", "assistant", "chatgpt", "assistant", "bard", "assistant",
            "assistant", "assistant", "system", "system", "observation", "tool", "tool", "tool");

    /** What OpenAI called tools at first: each is what stands under {@code function} now. */
    private static final String FUNCTIONS = "functions";

    private final String column;
    /** Rows may have it though the first does not. */
    private final String tools;
    /** Or null, where the shape has none. */
    private final String system;

    ConversationColumn(Layout layout) {
        this.column = layout.columns().get(layout.shape().required().get(0));
        this.tools = layout.columns().getOrDefault("tools", "tools");
        this.system = layout.shape().optional().contains("system") ? layout.columns().getOrDefault("system", "system") : null;
    }

    @Override
    public List<Column> promptColumns() {
        return columns();
    }

    @Override
    public List<Column> columns() {
        List<Column> columns = new ArrayList<>(List.of(new Column(column, Column.Kind.JSON), new Column(tools, Column.Kind.OPTIONAL_JSON),
                new Column(FUNCTIONS, Column.Kind.OPTIONAL_JSON)));
        if (system != null) {
            columns.add(new Column(system, Column.Kind.OPTIONAL_TEXT));
        }
        return List.copyOf(columns);
    }

    @Override
    public List<JsonNode> tools(Map<String, String> row) {
        List<JsonNode> schemas = schemas(tools, row);
        if (!schemas.isEmpty()) {
            return schemas;
        }
        return schemas(FUNCTIONS, row).stream().<JsonNode>map(each -> MAPPER.createObjectNode().put("type", "function").set("function", each)).toList();
    }

    private static List<JsonNode> schemas(String column, Map<String, String> row) {
        String json = row.getOrDefault(column, "");
        if (json.isBlank() || json.equals("null")) {
            return List.of();
        }
        JsonNode list = parsed(column, json);
        if (!list.isArray()) {
            throw new UserError("field \"" + column + "\" is no list; expected JSON schemas of functions, [{\"type\": \"function\", ...}]");
        }
        List<JsonNode> schemas = new ArrayList<>();
        list.forEach(schemas::add);
        return schemas;
    }

    private static JsonNode parsed(String column, String json) {
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new UserError("field \"" + column + "\" is no JSON: " + Json.reason(e) + ". Expected " + EXPECTED, e);
        }
    }

    @Override
    public List<Message> prompt(Map<String, String> row) {
        return example(row);
    }

    @Override
    public List<Message> example(Map<String, String> row) {
        JsonNode list = parsed(column, row.get(column));
        if (!list.isArray() || list.isEmpty()) {
            throw new UserError("field \"" + column + "\" is " + (list.isArray() ? "an empty list" : "no list") + ". Expected " + EXPECTED);
        }
        List<Message> messages = new ArrayList<>(list.size());
        for (JsonNode message : list) {
            messages.add(message(message, messages.size()));
        }
        return withSystem(messages, system == null ? "" : row.getOrDefault(system, ""));
    }

    /** The column {@code system} is the first message, unless the conversation begins with the same. */
    private List<Message> withSystem(List<Message> messages, String text) {
        if (text.isBlank()) {
            return messages;
        }
        Message first = messages.get(0);
        if (!first.role().equals("system")) {
            messages.add(0, Message.of("system", text));
        } else if (!first.text().strip().equals(text.strip())) {
            throw new UserError("the column \"" + system + "\" and the first message of \"" + column + "\" are two system messages, and they differ; leave one");
        }
        return messages;
    }

    /** All that comes before the assistant first answers a user. */
    @Override
    public String question(Map<String, String> row) {
        StringBuilder asked = new StringBuilder();
        boolean user = false;
        for (Message message : example(row)) {
            if (user && message.isAssistant()) {
                break;
            }
            user |= "user".equals(message.fields().get("role"));
            asked.append(message.fields().get("role")).append(": ").append(message.fields().get("content")).append('\n');
        }
        return asked.toString();
    }

    private static final String EXPECTED = "[{\"role\": \"user\", \"content\": \"...\"}, {\"role\": \"assistant\", \"content\": \"...\"}]";

    private Message message(JsonNode message, int index) {
        if (message instanceof ObjectNode object && object.has("from") && object.has("value")) {
            String from = object.get("from").asText();
            String role = ROLES.get(from);
            if (role == null) {
                throw new UserError("field \"" + column + "\", message " + (index + 1) + ": who is \"" + from + "\"? Known: human, gpt, system, tool");
            }
            if (!object.get("value").isTextual()) {
                throw new UserError("field \"" + column + "\", message " + (index + 1) + ": \"value\" is "
                        + object.get("value").getNodeType().toString().toLowerCase(Locale.ROOT) + "; expected a string");
            }
            ObjectNode named = object.deepCopy();
            named.remove(List.of("from", "value"));
            named.put("role", role).set("content", object.get("value"));
            return Message.of(named, "field \"" + column + "\", message " + (index + 1));
        }
        return Message.of(message, "field \"" + column + "\", message " + (index + 1));
    }
}
