package io.softq4j.data.render;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.softq4j.common.Json;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Finds what a model is to say in a value that is a conversation, in OpenAI's names or ShareGPT's: that, and not the messages, is compared with what it says. */
public final class Answers {

    private Answers() {
    }

    /** The value as a list of messages, also where it is the JSON text of one, as in CSV; empty if it is none. */
    public static Optional<JsonNode> conversation(JsonNode value) {
        JsonNode list = value.isTextual() && value.textValue().stripLeading().startsWith("[") ? parsed(value) : value;
        boolean messages = list.isArray() && !list.isEmpty()
                && StreamSupport.stream(list.spliterator(), false).allMatch(m -> m.path("role").isTextual() || m.path("from").isTextual() && m.has("value"));
        return messages ? Optional.of(list) : Optional.empty();
    }

    private static JsonNode parsed(JsonNode text) {
        try {
            return Json.STRICT.readTree(text.textValue());
        } catch (JsonProcessingException e) {
            return text;
        }
    }

    /** The text of the last message, if it is the assistant's; parts of a text are joined. */
    public static Optional<String> of(JsonNode conversation) {
        JsonNode last = conversation.get(conversation.size() - 1);
        boolean openAi = last.has("role");
        String speaker = last.path(openAi ? "role" : "from").asText();
        if (!(openAi ? speaker : ConversationColumn.ROLES.getOrDefault(speaker, speaker)).equals("assistant")) {
            return Optional.empty();
        }
        JsonNode content = last.path(openAi ? "content" : "value");
        return Optional.of(content.isArray() ? StreamSupport.stream(content.spliterator(), false).map(part -> part.path("text").asText())
                .collect(Collectors.joining()) : content.isNull() ? "" : content.asText());
    }
}
