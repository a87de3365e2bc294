package io.softq4j.data.render;

import com.fasterxml.jackson.databind.JsonNode;
import io.softq4j.chat.Message;
import io.softq4j.data.row.Column;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Rows to conversations. */
sealed interface Conversations permits ConversationColumn, PromptAsConversation {

    /** As {@link Renderer#promptColumns}. */
    List<Column> promptColumns();

    /** As {@link Renderer#columns}. */
    List<Column> columns();

    /** The messages of an example, in their order. @throws io.softq4j.common.UserError if the row holds no conversation */
    List<Message> example(Map<String, String> row);

    /** JSON schemas of the functions the assistant may call; often none. */
    List<JsonNode> tools(Map<String, String> row);

    /** As {@link Renderer#question}. */
    String question(Map<String, String> row);

    /** As {@link Renderer#responseColumn}. */
    default Optional<String> responseColumn() {
        return Optional.empty();
    }

    /** The messages of a prompt, perhaps with the answer behind it. */
    List<Message> prompt(Map<String, String> row);
}
