package io.softq4j.data.render;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.softq4j.chat.ChatTemplates;
import io.softq4j.chat.TrainOn;
import io.softq4j.common.UserError;
import io.softq4j.data.row.Column;
import io.softq4j.data.row.Row;
import io.softq4j.tokens.Segment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ShapesTest {

    private static final String CHAT = "<|im_start|>user\nhi<|im_end|>\n<|im_start|>assistant\n";

    @Test
    void promptAndCompletionAreTakenAsTheyAre() throws Exception {
        assertExample(Shape.PROMPT_COMPLETION, "{'prompt': 'a ', 'completion': 'b'}", "a ", "b");
        assertExample(Shape.PROMPT_COMPLETION, "{'prompt': 'a ', 'response': 'b', 'x': 1}", "a ", "b");
    }

    @Test
    void alpacaHasAPromptWithInputAndOneWithout() throws Exception {
        assertExample(Shape.ALPACA, "{'instruction': 'Add.', 'input': '1 2', 'output': '3'}",
                "Below is an instruction that describes a task, paired with an input that provides further context. Write a response that appropriately "
                        + "completes the request.\n\n### Instruction:\nAdd.\n\n### Input:\n1 2\n\n### Response:\n", "3");
        for (String none : List.of("", ", 'input': ''", ", 'input': null")) {
            assertExample(Shape.ALPACA, "{'instruction': 'Greet.', 'output': 'Hello'" + none + "}",
                    "Below is an instruction that describes a task. Write a response that appropriately completes the request.\n\n### Instruction:\n"
                            + "Greet.\n\n### Response:\n", "Hello");
        }
    }

    @Test
    void datasetsOfTheLiteratureHaveTheirPrompts() throws Exception {
        assertExample(Shape.GSM8K, "{'question': 'q', 'answer': 'a'}", "Question: q\nAnswer:", " a");
        assertExample(Shape.XSUM, "{'document': 'd', 'summary': 's', 'id': '7'}", "Document: d\nSummary:", " s");
        assertExample(Shape.TRANSLATION, "{'translation': {'en': 'house', 'de': 'Haus'}}", "Translate English to German: house\nTranslation:", " Haus");
        assertExample(Shape.TEXT, "{'text': 'all of it'}", "", "all of it");
    }

    @Test
    void messagesAndShareGptGoThroughTheChatTemplate() throws Exception {
        assertChat(Shape.MESSAGES, "{'messages': [{'role': 'user', 'content': 'hi'}, {'role': 'assistant', 'content': 'yes'}]}");
        assertChat(Shape.SHAREGPT, "{'conversations': [{'from': 'human', 'value': 'hi'}, {'from': 'gpt', 'value': 'yes'}]}");
    }

    @Test
    void promptsBecomeConversationsWhereAsked() throws Exception {
        Row row = row("{'question': 'hi', 'answer': 'yes'}");
        Layout layout = Layout.of(Shape.AUTO, Map.of(), row);
        assertEquals(List.of(new Segment(CHAT, false), new Segment("yes<|im_end|>", true)), example(chat(layout), row));
        Row alpaca = row("{'instruction': 'hi', 'input': 'there', 'output': 'yes'}");
        assertEquals(CHAT.replace("hi", "hi\n\nthere"), example(chat(Layout.of(Shape.AUTO, Map.of(), alpaca)), alpaca).get(0).text());
    }

    @Test
    void columnsOfOtherNamesAreMapped() throws Exception {
        Row row = row("{'Q': 'a ', 'meta': {'A': 'b'}}");
        Layout layout = Layout.of(Shape.AUTO, Map.of("prompt", "Q", "completion", "meta.A"), row);
        assertEquals(Shape.PROMPT_COMPLETION, layout.shape());
        assertEquals(List.of(new Segment("a ", false), new Segment("b", true)), example(plain(layout), row));
        Row german = row("{'translation': {'en': 'house', 'de': 'Haus', 'fr': 'maison'}}");
        Layout french = Layout.of(Shape.AUTO, Map.of("source", "translation.de", "target", "translation.fr"), german);
        assertEquals("Translate German to French: Haus\nTranslation:", example(plain(french), german).get(0).text());
    }

    @Test
    void anUnknownShapeIsNamedWithTheKnownOnes() throws Exception {
        String message = assertThrows(UserError.class, () -> Layout.of(Shape.AUTO, Map.of(), row("{'frage': 'x', 'antwort': 'y'}"))).getMessage();
        assertTrue(message.startsWith("c.jsonl:3: the columns [frage, antwort] are of no known shape: messages [messages], "), message);
        assertTrue(message.endsWith("or write templates, as in data.prompt: \"{NAME}\" and data.response: \"{NAME}\""), message);
        message = assertThrows(UserError.class, () -> Layout.of(Shape.ALPACA, Map.of(), row("{'instruction': 'x'}"))).getMessage();
        assertEquals("c.jsonl:3: a corpus of shape alpaca has the columns [instruction, output]; the row has [instruction]. "
                + "Say which column is which: data.columns: {instruction: NAME, ...}", message);
        message = assertThrows(UserError.class, () -> Layout.of(Shape.GSM8K, Map.of("prompt", "x"), row("{'x': 'x'}"))).getMessage();
        assertEquals("columns: a corpus of shape gsm8k has no field 'prompt'; its fields are [question, answer]", message);
    }

    @Test
    void aColumnThatHoldsNoConversationIsNamed() {
        for (var bad : Map.of("'hello'", "field \"messages\" is no JSON: ", "[]", "field \"messages\" is an empty list. Expected [{\"role\"",
                "{}", "field \"messages\" is no list. Expected", "[{'role': 'user'}]", "field \"messages\", message 1: \"content\" is missing",
                "[{'from': 'gpt', 'value': null}]", "field \"messages\", message 1: \"value\" is null; expected a string",
                "[{'from': 'alien', 'value': 'x'}]", "field \"messages\", message 1: who is \"alien\"? Known: human, gpt, system, tool").entrySet()) {
            String message = assertThrows(UserError.class, () -> {
                Row row = row("{'messages': " + bad.getKey() + "}");
                example(chat(Layout.of(Shape.MESSAGES, Map.of(), row)), row);
            }, bad.getKey()).getMessage();
            assertTrue(message.startsWith(bad.getValue()), message);
        }
    }

    @Test
    void trainingOnAllScoresThePromptToo() throws Exception {
        Row row = row("{'prompt': 'a', 'completion': 'b'}");
        RenderSpec spec = new RenderSpec(Layout.of(Shape.AUTO, Map.of(), row), "", null, Optional.empty(), TrainOn.ALL);
        assertEquals(List.of(new Segment("a", true), new Segment("b", true)), example(spec, row));
    }

    private static void assertExample(Shape shape, String json, String prompt, String response) throws Exception {
        Row row = row(json);
        Layout layout = Layout.of(Shape.AUTO, Map.of(), row);
        assertEquals(shape, layout.shape());
        assertEquals(List.of(new Segment(prompt, false), new Segment(response, true)), example(plain(layout), row));
        Renderer renderer = Renderer.of(plain(layout));
        assertEquals(prompt, renderer.prompt(columns(renderer.promptColumns(), row)));
        assertEquals(response, renderer.response(columns(renderer.columns(), row)));
    }

    private static void assertChat(Shape shape, String json) throws Exception {
        Row row = row(json);
        Layout layout = Layout.of(Shape.AUTO, Map.of(), row);
        assertEquals(shape, layout.shape());
        assertEquals(List.of(new Segment(CHAT, false), new Segment("yes<|im_end|>", true)), example(chat(layout), row));
        Renderer renderer = Renderer.of(chat(layout));
        assertEquals(CHAT, renderer.prompt(columns(renderer.promptColumns(), row)));
        assertEquals("yes", renderer.response(columns(renderer.columns(), row)));
    }

    private static RenderSpec plain(Layout layout) {
        return new RenderSpec(layout, "", null, Optional.empty(), TrainOn.COMPLETION);
    }

    private static RenderSpec chat(Layout layout) {
        ChatSpec chatml = new ChatSpec(ChatTemplates.named("chatml", Map.of()).source(), "chatml", Map.of(), Optional.of("<|im_end|>"), Optional.empty());
        return new RenderSpec(layout, "", null, Optional.of(chatml), TrainOn.COMPLETION);
    }

    private static List<Segment> example(RenderSpec spec, Row row) {
        Renderer renderer = Renderer.of(spec);
        return renderer.example(columns(renderer.columns(), row));
    }

    private static Map<String, String> columns(List<Column> columns, Row row) {
        Map<String, String> record = new HashMap<>();
        columns.forEach(column -> record.put(column.name(), column.of(row)));
        return record;
    }

    private static Row row(String json) throws Exception {
        return new Row("c.jsonl", 3, (ObjectNode) new ObjectMapper().readTree(json.replace('\'', '"')));
    }
}
