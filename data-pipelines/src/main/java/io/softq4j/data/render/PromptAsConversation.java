package io.softq4j.data.render;

import com.fasterxml.jackson.databind.JsonNode;
import io.softq4j.chat.Message;
import io.softq4j.data.row.Column;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A prompt as what a user says and a response as what the assistant answers; the spaces that join them in plain text are taken off.
 *
 * @param text makes the two
 */
record PromptAsConversation(Renderer text) implements Conversations {

    @Override
    public List<Column> promptColumns() {
        return text.promptColumns();
    }

    @Override
    public List<Column> columns() {
        return text.columns();
    }

    @Override
    public List<Message> example(Map<String, String> row) {
        return List.of(prompt(row).get(0), Message.of("assistant", text.response(row).strip()));
    }

    @Override
    public String question(Map<String, String> row) {
        return text.question(row);
    }

    @Override
    public Optional<String> responseColumn() {
        return text.responseColumn();
    }

    @Override
    public List<JsonNode> tools(Map<String, String> row) {
        return List.of();
    }

    @Override
    public List<Message> prompt(Map<String, String> row) {
        return List.of(Message.of("user", text.prompt(row).strip()));
    }
}
