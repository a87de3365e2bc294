package io.softq4j.chat;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.softq4j.common.UserError;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ChatGoldenTest {

    @Test
    void everyTemplateGivesOfEveryConversationWhatJinja2Gives() {
        List<String> wrong = new ArrayList<>();
        Set<String> seen = new TreeSet<>();
        for (JsonNode row : Golden.json("golden.json")) {
            String template = row.get("template").textValue();
            JsonNode conversation = Golden.conversation(row.get("conversation").textValue());
            seen.add(template);
            String text;
            try {
                text = Golden.template(template).render(Golden.messages(conversation), Golden.tools(conversation),
                        row.get("prompt").booleanValue());
            } catch (UserError e) {
                text = null;
            }
            if (!Objects.equals(row.get("text").textValue(), text)) {
                wrong.add(template + ", " + conversation.get("name") + "\n  expected " + row.get("text") + "\n  was      "
                        + Golden.MAPPER.valueToTree(text));
            }
        }
        assertTrue(seen.containsAll(ChatTemplates.names()), seen.toString());
        assertTrue(wrong.isEmpty(), () -> String.join("\n", wrong));
    }
}
