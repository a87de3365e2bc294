package io.softq4j.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Templates, conversations and what Jinja2 made of them; {@code golden.py} beside them says how. */
final class Golden {

    static final ObjectMapper MAPPER = new ObjectMapper();
    static final Map<String, String> TOKENS = Map.of("bos_token", "<s>", "eos_token", "</s>");

    private Golden() {
    }

    static JsonNode json(String name) {
        try (InputStream in = Golden.class.getResourceAsStream("/chat/" + name)) {
            return MAPPER.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A template of the tests, or else one that is built in. */
    static ChatTemplate template(String name) {
        try (InputStream in = Golden.class.getResourceAsStream("/chat/templates/" + name + ".jinja")) {
            return in == null ? ChatTemplates.named(name, TOKENS)
                    : ChatTemplate.of(new String(in.readAllBytes(), StandardCharsets.UTF_8), name + ".jinja", TOKENS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode conversation(String name) {
        for (JsonNode conversation : json("conversations.json")) {
            if (conversation.get("name").textValue().equals(name)) {
                return conversation;
            }
        }
        throw new IllegalArgumentException(name);
    }

    static List<Message> messages(JsonNode conversation) {
        return Message.conversation(conversation.get("messages"), conversation.get("name").textValue());
    }

    static List<JsonNode> tools(JsonNode conversation) {
        List<JsonNode> tools = new ArrayList<>();
        conversation.path("tools").forEach(tools::add);
        return tools;
    }
}
