package io.softq4j.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.softq4j.common.UserError;
import io.softq4j.tokens.Segment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a conversation says and a template does not write is never lost in silence. */
class CoverageTest {

    private static final String ASK = "{'role': 'user', 'content': 'a'}, ";
    private static final String CALL = "'tool_calls': [{'type': 'function', 'function': {'name': 'f', 'arguments': {'x': 1}}}]";
    private static final List<JsonNode> TOOLS = List.of(json("{'type': 'function', 'function': {'name': 'f', 'parameters': {}}}"));

    /** Names and texts are as short as they come, so that they stand somewhere in the rendering anyway. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "chatml  | tool_calls        | {'role': 'assistant', 'content': null, 'tool_calls': [{'function': {'name': 'f', 'arguments': "
                + "{'x': 1}}}]}",
        "chatml  | tool_calls        | {'role': 'assistant', 'content': 'sure', 'tool_calls': [{'function': {'name': 's', 'arguments': "
        + "'{}'}}]}",
        "zephyr  | reasoning_content | {'role': 'assistant', 'content': 'a', 'reasoning_content': 'a'}",
        "qwen    | reasoning_content | {'role': 'assistant', 'content': 'a', 'reasoning_content': 'a'}",
        "llama3  | reasoning         | {'role': 'assistant', 'content': 'a', 'reasoning': 'a'}",
        "llama3  | thinking          | {'role': 'assistant', 'content': 'a', 'thinking': 'a'}",
        "chatml  | thoughts          | {'role': 'assistant', 'content': 'a', 'thoughts': 'a'}",
        "qwen3   | reasoning_details | {'role': 'assistant', 'content': 'a', 'reasoning_details': [{'type': 'reasoning.text', "
        + "'text': 'a'}]}",
        "chatml  | refusal           | {'role': 'assistant', 'content': 'a', 'refusal': 'a'}",
        "chatml  | tools             | {'role': 'assistant', 'content': 'a', 'tools': [{'type': 'function', 'function': {'name': 'f'}}]}",
        "qwen    | functions         | {'role': 'assistant', 'content': 'a', 'functions': [{'name': 'f'}]}",
        "chatml  | tools             | {'role': 'assistant', 'content': 'a', 'tools': 'f(x)'}",
        "gemma   | function_call     | {'role': 'assistant', 'content': '', 'function_call': {'name': 'f', 'arguments': '{}'}}",
        "qwen3   | function_call     | {'role': 'assistant', 'content': 'a', 'function_call': {'name': 'f', 'arguments': '{}'}}"})
    void whatAnAnswerSaysIsWrittenOrNamed(String template, String field, String answer) {
        NotRendered lost = assertThrows(NotRendered.class, () -> segments(template, TrainOn.COMPLETION).example(messages(ASK + answer)));
        assertEquals(field, lost.field());
        assertTrue(lost.getMessage().startsWith("chat template \"" + template + "\" "), lost.getMessage());
    }

    @Test
    void fieldsThatSayNothingLoseNothing() {
        String none = "'refusal': null, 'thoughts': '', 'reasoning_details': [], 'tools': [], 'functions': null, 'audio': null}";
        assertEquals("a<|im_end|>", text(segments("chatml", TrainOn.LAST_TURN).example(messages(ASK + "{'role': 'assistant', "
                + "'content': 'a', " + none))
                .segments()).substring("<|im_start|>user\na<|im_end|>\n<|im_start|>assistant\n".length()));
    }

    @Test
    void toolsThatAreNotWrittenAreNamedInTrainingAndInPrompts() {
        List<Message> messages = messages(ASK + "{'role': 'assistant', 'content': 'a'}");
        for (String template : List.of("chatml", "llama3", "mistral", "gemma", "zephyr")) {
            assertEquals("tools", assertThrows(NotRendered.class, () -> segments(template, TrainOn.COMPLETION).example(messages, TOOLS))
                    .field());
            assertEquals("tools", assertThrows(NotRendered.class, () -> segments(template, TrainOn.COMPLETION).prompt(messages, TOOLS))
                    .field());
        }
        for (String template : List.of("qwen", "qwen3")) {
            assertTrue(text(segments(template, TrainOn.COMPLETION).example(messages, TOOLS).segments()).contains("\"name\": \"f\""));
        }
    }

    @Test
    void aTemplateThatWritesCallsAndThoughtsLearnsThem() {
        List<Message> messages = messages(ASK + "{'role': 'assistant', 'content': null, " + CALL + "}, {'role': 'tool', 'content': '3'}, "
                + "{'role': 'assistant', 'content': 'a', 'reasoning_content': 'b'}");
        assertTrue(text(segments("qwen3", TrainOn.LAST_TURN).example(messages, TOOLS).segments())
                .contains("<think>\nb\n</think>\n\na<|im_end|>"));
        NotRendered lost = assertThrows(NotRendered.class, () -> segments("qwen", TrainOn.COMPLETION).example(messages, TOOLS));
        assertEquals("reasoning_content", lost.field());
    }

    @Test
    void aTemplateThatWritesEverythingInItsOwnWayIsNotRefused() {
        List<Message> messages = messages("{'role': 'system', 'content': 's'}, " + ASK + "{'role': 'assistant', 'content': null, " + CALL
                + "}, {'role': 'tool', 'content': '3'}, {'role': 'assistant', 'content': ' it is 3 '}, " + ASK
                + "{'role': 'assistant', 'content': 'b'}");
        for (TrainOn trainOn : TrainOn.values()) {
            String text = text(new ChatSegments(Golden.template("llama31"), trainOn, Optional.of("<|eot_id|>")).example(messages, TOOLS)
                    .segments());
            assertTrue(text.contains("{\"name\": \"f\", \"parameters\": {\"x\": 1}}"), text);
        }
    }

    @Test
    void thoughtsOfAnswersThatAreNotLearnedMayBeLeftOut() {
        List<Message> messages = messages(ASK + "{'role': 'assistant', 'content': '<think>x</think>b'}, " + ASK
                + "{'role': 'assistant', 'content': '<think>y</think>c'}");
        assertEquals("<think>\ny\n</think>\n\nc<|im_end|>", last(segments("qwen3", TrainOn.LAST_TURN).example(messages)));
    }

    @Test
    void aTemplateThatCutsThoughtsOutOfWhatIsLearnedIsNamed() {
        ChatTemplate cuts = ChatTemplate.of("{% for m in messages %}<{{ m.role }}>{{ m.content.split('</think>')[-1] }}<e>{% endfor %}"
                + "{% if add_generation_prompt %}<assistant>{% endif %}", "cuts.jinja", Map.of());
        ChatSegments segments = new ChatSegments(cuts, TrainOn.COMPLETION, Optional.of("<e>"));
        NotRendered lost = assertThrows(NotRendered.class,
                () -> segments.example(messages(ASK + "{'role': 'assistant', 'content': '<think>long</think>yo'}")));
        assertEquals("content", lost.field());
    }

    @Test
    void aMessageOfWhicheverRoleThatIsNotWrittenIsNamed() {
        ChatTemplate noSystem = ChatTemplate.of("{% for m in messages if m.role != 'system' %}<{{ m.role }}>{{ m.content }}<e>{% endfor %}"
                + "{% if add_generation_prompt %}<assistant>{% endif %}", "deaf.jinja", Map.of());
        String message = assertThrows(NotRendered.class, () -> new ChatSegments(noSystem, TrainOn.ALL, Optional.of("<e>"))
                .example(messages("{'role': 'system', 'content': 's'}, " + ASK + "{'role': 'assistant', 'content': 'b'}"))).getMessage();
        assertEquals("chat template deaf.jinja does not write \"content\" of message 1, from system, so a model would never see it. Use a "
                + "template that "
                + "does (data.chat_template), take the field out of the rows, or set on_error: skip to leave such rows out", message);
    }

    @Test
    void partsOfTextAreJoinedForATemplateThatExpectsAString() {
        String parts = "{'role': 'user', 'content': [{'type': 'text', 'text': 'what is '}, {'type': 'text', 'text': 'two plus two'}]}, "
                + "{'role': 'assistant', 'content': [{'type': 'text', 'text': 'four'}]}";
        String string = "{'role': 'user', 'content': 'what is two plus two'}, {'role': 'assistant', 'content': 'four'}";
        ChatTemplate strings = ChatTemplate.of("{% for m in messages %}<{{ m.role }}>{{ m.content }}<e>{% endfor %}"
                + "{% if add_generation_prompt %}<assistant>{% endif %}", "strings.jinja", Map.of());
        ChatSegments own = new ChatSegments(strings, TrainOn.COMPLETION, Optional.of("<e>"));
        assertEquals(own.example(messages(string)), own.example(messages(parts)));
        for (String name : ChatTemplates.names()) {
            ChatSegments segments = segments(name, TrainOn.COMPLETION);
            assertEquals(segments.example(messages(string)), segments.example(messages(parts)), name);
            assertEquals(segments.prompt(messages(string)), segments.prompt(messages(parts)), name);
        }
    }

    @Test
    void aTemplateForPartsGetsParts() {
        ChatTemplate lists = ChatTemplate.of("{% for m in messages %}<{{ m.role }}>{% for p in m.content %}{{ p.text }}{% endfor %}<e>{% "
                + "endfor %}"
                + "{% if add_generation_prompt %}<assistant>{% endif %}", "lists.jinja", Map.of());
        List<Message> messages = messages("{'role': 'user', 'content': [{'type': 'text', 'text': 'a'}]}, "
                + "{'role': 'assistant', 'content': [{'type': 'text', 'text': 'b'}]}");
        assertEquals("b<e>", last(new ChatSegments(lists, TrainOn.COMPLETION, Optional.of("<e>")).example(messages)));
    }

    /** Of every template on every conversation that is rendered, each text stands in the rendering. */
    @Test
    void whatIsRenderedHoldsEveryTextOfTheConversation() {
        int seen = 0;
        for (String name : ChatTemplates.names()) {
            for (JsonNode conversation : Golden.json("conversations.json")) {
                List<Message> messages = Golden.messages(conversation);
                try {
                    String text = text(segments(name, TrainOn.LAST_TURN).example(messages, Golden.tools(conversation)).segments());
                    int last = messages.size();
                    while (!messages.get(last - 1).isAssistant()) {
                        last--;
                    }
                    for (Message message : messages.subList(0, last)) {
                        String said = message.text().replaceFirst("(?s)^.*</think>", "").strip();
                        assertTrue(text.contains(said), name + ": " + said);
                        seen++;
                    }
                } catch (UserError e) {
                    // refused, for one of the reasons above
                }
            }
        }
        assertTrue(seen > 200, "seen " + seen);
    }

    private static ChatSegments segments(String template, TrainOn trainOn) {
        return new ChatSegments(ChatTemplates.named(template, Golden.TOKENS), trainOn,
                Optional.of(ChatTemplates.endOfTurn(template, Golden.TOKENS)));
    }

    private static List<Message> messages(String list) {
        List<Message> messages = new ArrayList<>();
        json("[" + list + "]").forEach(message -> messages.add(Message.of(message, "here")));
        return messages;
    }

    private static JsonNode json(String quoted) {
        try {
            return Golden.MAPPER.readTree(quoted.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static String text(List<Segment> segments) {
        return segments.stream().map(Segment::text).collect(Collectors.joining());
    }

    private static String last(ChatExample example) {
        return example.segments().get(example.segments().size() - 1).text();
    }
}
