package io.softq4j.data.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.softq4j.common.UserError;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MessageTest {

    @Test
    void everyFieldIsKept() throws Exception {
        Message message = read("{'role': 'assistant', 'content': null, 'tool_calls': [{'id': 1, 'x': 2.5, 'y': true}], 'name': 'n'}");
        assertEquals(List.of(Map.of("id", 1L, "x", 2.5, "y", true)), message.fields().get("tool_calls"));
        assertEquals(List.of("role", "content", "tool_calls", "name"), List.copyOf(message.fields().keySet()));
        assertEquals(Message.of("user", "a"), read("{'role': 'user', 'content': 'a'}"));
    }

    @Test
    void whatIsNoMessageIsNamedWithItsPlace() {
        assertMessage("here is a string; expected an object such as {\"role\": \"user\", \"content\": \"...\"}", "'a'");
        assertMessage("here: \"role\" is missing; expected a string such as user or assistant", "{'content': 'a'}");
        assertMessage("here: there is no field \"role\", but \"from\", as in ShareGPT's format; rename from to role and value to content, "
                + "and human to user, gpt to assistant", "{'from': 'human', 'value': 'a'}");
        assertMessage("here: \"content\" is missing; expected a string, or a list of parts of text; only a message with tool_calls can be without",
                "{'role': 'user'}");
        assertMessage("here: \"content\" is null; expected a string, or a list of parts of text; only a message with tool_calls can be without",
                "{'role': 'user', 'content': null, 'tool_calls': []}");
        assertMessage("here: \"content\" is a number; expected a string, or a list of parts of text", "{'role': 'user', 'content': 1}");
        assertMessage("here: a part of \"content\" is not text: {\"type\":\"image\",\"url\":\"x\"}; only {\"type\": \"text\", \"text\": \"...\"} can be trained on",
                "{'role': 'user', 'content': [{'type': 'image', 'url': 'x'}]}");
        assertMessage("here: text is not Unicode: lone surrogate U+D800 at character 1. It cannot be written as UTF-8; the likely cause is a text cut in the "
                + "middle of an emoji. Remove it or write U+FFFD in its place.", "{'role': 'user', 'content': 'a\\ud800'}");
    }

    @Test
    void aConversationIsAListOfMessages() throws Exception {
        assertEquals(List.of(Message.of("user", "a")), Message.conversation(Golden.MAPPER.readTree("[{\"role\": \"user\", \"content\": \"a\"}]"), "x"));
        assertEquals("row 3 is an empty list; expected at least one message",
                assertThrows(UserError.class, () -> Message.conversation(Golden.MAPPER.createArrayNode(), "row 3")).getMessage());
        assertEquals("row 3, message 1 is a number; expected an object such as {\"role\": \"user\", \"content\": \"...\"}",
                assertThrows(UserError.class, () -> Message.conversation(Golden.MAPPER.createArrayNode().add(1), "row 3")).getMessage());
    }

    private static Message read(String json) throws Exception {
        return Message.of(Golden.MAPPER.readTree(json.replace('\'', '"')), "here");
    }

    private static void assertMessage(String message, String json) {
        assertEquals(message, assertThrows(UserError.class, () -> read(json)).getMessage());
    }
}
