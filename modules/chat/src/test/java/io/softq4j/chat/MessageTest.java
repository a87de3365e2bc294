package io.softq4j.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
        assertMessage("here: \"content\" is missing; expected a string, or a list of parts of text; only a message with tool_calls can be "
                + "without",
                "{'role': 'user'}");
        assertMessage("here: \"content\" is null; expected a string, or a list of parts of text; only a message with tool_calls can be "
                + "without",
                "{'role': 'user', 'content': null, 'tool_calls': []}");
        assertMessage("here: \"content\" is a number; expected a string, or a list of parts of text", "{'role': 'user', 'content': 1}");
        assertMessage("here: a part of \"content\" is not text: {\"type\":\"image\",\"url\":\"x\"}; only {\"type\": \"text\", \"text\": "
                + "\"...\"} can be trained on",
                "{'role': 'user', 'content': [{'type': 'image', 'url': 'x'}]}");
        assertMessage("here: text is not Unicode: lone surrogate U+D800 at character 1. It cannot be written as UTF-8; the likely cause "
                + "is a text cut in the "
                + "middle of an emoji. Remove it or write U+FFFD in its place.", "{'role': 'user', 'content': 'a\\ud800'}");
    }

    @Test
    void callsAreListsOfObjectsOrTheSameAsJsonInATextAndNothingElse() throws Exception {
        String call = "{'type': 'function', 'function': {'name': 'f', 'arguments': {'x': 1}}}";
        String said = "{'role': 'assistant', 'content': 'a', ";
        Message message = read(said + "'tool_calls': [" + call + "], 'function_call': {'name': 'f'}}");
        String inText = call.replace("'", "\\'");
        assertEquals(message, read(said + "'tool_calls': '[" + inText + "]', 'function_call': '{\\'name\\': \\'f\\'}'}"));
        assertEquals(message, read(said + "'tool_calls': ['" + inText + "'], 'function_call': {'name': 'f'}}"));
        assertEquals(message.fields().get("tool_calls"), read("{'role': 'assistant', 'tool_calls': '[" + inText + "]'}").fields()
                .get("tool_calls"));
        read(said + "'tool_calls': null, 'function_call': ''}");
        String expected = "expected calls such as [{\"type\": \"function\", \"function\": {\"name\": \"...\", \"arguments\": {}}}]";
        assertMessage("here: \"tool_calls\" is an object; expected a list" + expected.substring("expected calls".length()), said
                + "'tool_calls': " + call + "}");
        assertMessage("here: a call of \"tool_calls\" is a number; " + expected, said + "'tool_calls': [3]}");
        assertMessage("here: \"function_call\" is a list; " + expected, said + "'function_call': '[]'}");
        assertTrue(assertThrows(UserError.class, () -> read(said + "'tool_calls': 'f(x)'}")).getMessage().startsWith(
                "here: \"tool_calls\" is a text that is no JSON: "));
    }

    @Test
    void aConversationIsAListOfMessages() throws Exception {
        assertEquals(List.of(Message.of("user", "a")), Message.conversation(Golden.MAPPER.readTree("[{\"role\": \"user\", \"content\": "
                + "\"a\"}]"), "x"));
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
