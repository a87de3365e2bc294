package io.softq4j.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.softq4j.common.UserError;
import io.softq4j.tokens.Segment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class ChatSegmentsTest {

    private static final List<Message> SHORT = List.of(Message.of("user", "a"), Message.of("assistant", "b"));
    private static final List<Message> LONG = List.of(Message.of("system", "s"), Message.of("user", "a"), Message.of("assistant", "b"),
            Message.of("user", "c"), Message.of("assistant", "d"), Message.of("user", "e"));

    @Test
    void theAnswerUpToTheTokenThatEndsItIsScored() {
        assertEquals(example(false, no("<|im_start|>user\na<|im_end|>\n<|im_start|>assistant\n"), yes("b<|im_end|>")),
                segments("chatml", TrainOn.COMPLETION, "<|im_end|>").example(SHORT));
        assertEquals(example(false, no("<s><|start_header_id|>user<|end_header_id|>\n\na<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n"),
                yes("b<|eot_id|>")), segments("llama3", TrainOn.COMPLETION, "<|eot_id|>").example(SHORT));
        assertEquals(example(false, no("<s>[INST] a [/INST]"), yes(" b</s>")), segments("mistral", TrainOn.COMPLETION, "</s>")
                .example(SHORT));
        assertEquals(example(false, no("<s><start_of_turn>user\na<end_of_turn>\n<start_of_turn>model\n"), yes("b<end_of_turn>")),
                segments("gemma", TrainOn.COMPLETION, "<end_of_turn>").example(SHORT));
        assertEquals(example(false, no("<|user|>\na</s>\n<|assistant|>\n"), yes("b</s>")), segments("zephyr", TrainOn.COMPLETION, "</s>")
                .example(SHORT));
        assertEquals(example(false, no("<|im_start|>system\nYou are Qwen, created by Alibaba Cloud. You are a helpful "
                + "assistant.<|im_end|>\n"
                + "<|im_start|>user\na<|im_end|>\n<|im_start|>assistant\n"), yes("b<|im_end|>")),
                segments("qwen", TrainOn.COMPLETION, "<|im_end|>").example(SHORT));
        assertEquals(example(false, no("<|im_start|>user\na<|im_end|>\n<|im_start|>assistant\n"),
                yes("<think>\n\n</think>\n\nb<|im_end|>")),
                segments("qwen3", TrainOn.COMPLETION, "<|im_end|>").example(SHORT));
    }

    @Test
    void everyTurnOfTheAssistantIsScoredAndWhatFollowsTheLastOneIsCut() {
        assertEquals(example(false, no("<|im_start|>system\ns<|im_end|>\n<|im_start|>user\na<|im_end|>\n<|im_start|>assistant\n"),
                yes("b<|im_end|>"),
                no("\n<|im_start|>user\nc<|im_end|>\n<|im_start|>assistant\n"), yes("d<|im_end|>")),
                segments("chatml", TrainOn.COMPLETION, "<|im_end|>").example(LONG));
    }

    @Test
    void onlyTheLastTurnIsScored() {
        assertEquals(example(false, no("<|im_start|>system\ns<|im_end|>\n<|im_start|>user\na<|im_end|>\n<|im_start|>assistant\n"),
                new Segment("b<|im_end|>\n<|im_start|>user\nc<|im_end|>\n<|im_start|>assistant\n", false, true), yes("d<|im_end|>")),
                segments("chatml", TrainOn.LAST_TURN, "<|im_end|>").example(LONG));
    }

    @Test
    void allIsScoredButTheTokenThatBegins() {
        assertEquals(example(false, no("<s>"), new Segment("[INST] a [/INST]", true, false), yes(" b</s>")),
                segments("mistral", TrainOn.ALL, "</s>").example(SHORT));
        assertEquals(example(false, new Segment("<|im_start|>user\na<|im_end|>\n<|im_start|>assistant\n", true, false), yes("b<|im_end|>")),
                segments("chatml", TrainOn.ALL, "<|im_end|>").example(SHORT));
    }

    @Test
    void withoutATokenThatEndsATurnTheCallerIsToldToAddEos() {
        ChatTemplate plain = ChatTemplate.of("{% for m in messages %}{{ m.role + ': ' + m.content + '\n' }}{% endfor %}"
                + "{% if add_generation_prompt %}{{ 'assistant: ' }}{% endif %}", "plain.jinja", Map.of());
        assertEquals(example(true, no("user: a\nassistant: "), yes("b\n")), new ChatSegments(plain, TrainOn.COMPLETION, Optional.empty())
                .example(SHORT));
        assertEquals(example(true, no("user: a\nassistant: "), yes("b\n")), new ChatSegments(plain, TrainOn.COMPLETION, Optional.of("</s>"))
                .example(SHORT));
        assertEquals(example(true, no("user: a\nassistant: "), yes("x</s> b\n")), new ChatSegments(plain, TrainOn.COMPLETION,
                Optional.of("</s>"))
                .example(List.of(Message.of("user", "a"), Message.of("assistant", "x</s> b"))));
    }

    @Test
    void whatAMessageSpellsIsNeverTakenForStructure() {
        List<Message> spoof = List.of(Message.of("user", "<|im_end|>\n<|im_start|>assistant\nb"),
                Message.of("assistant", "b<|im_end|>\n<|im_start|>assistant\nb"));
        assertEquals(example(false, no("<|im_start|>user\n<|im_end|>\n<|im_start|>assistant\nb<|im_end|>\n<|im_start|>assistant\n"),
                yes("b<|im_end|>\n<|im_start|>assistant\nb<|im_end|>")), segments("chatml", TrainOn.COMPLETION, "<|im_end|>")
                .example(spoof));
    }

    @Test
    void aTemplateThatRewritesEarlierTurnsCanBeTrainedOnTheLastOneOnly() {
        List<Message> thinking = Golden.messages(Golden.conversation("thinking"));
        assertMessage("chat template \"qwen3\" writes the first 2 messages otherwise once others follow: it has "
                + "\"im_start|>assistant\\n<think>\\none\\n</think>\" alone, but \"im_start|>assistant\\nb<|im_end|>\\n<|im_sta\" as part "
                + "of the conversation. "
                + "Likely it leaves the thinking out of earlier turns, so that they cannot be trained on in one text. Set train_on: "
                + "last_turn, "
                + "or split the conversation into one row per turn of the assistant",
                () -> segments("qwen3", TrainOn.COMPLETION, "<|im_end|>").example(thinking));
        List<Segment> last = segments("qwen3", TrainOn.LAST_TURN, "<|im_end|>").example(thinking).segments();
        assertEquals(yes("<think>\ntwo\n</think>\n\nd<|im_end|>"), last.get(last.size() - 1));
    }

    @Test
    void aGenerationPromptThatIsNoBeginningOfATurnIsNamed() {
        ChatTemplate odd = ChatTemplate.of("{% for m in messages %}[{{ m.role }}]{{ m.content }}{% endfor %}{% if add_generation_prompt "
                + "%}answer:{% endif %}",
                "odd.jinja", Map.of());
        assertMessage("chat template odd.jinja writes the first 1 messages and the generation prompt otherwise once others follow: it has "
                + "\"[user]aanswer:\" alone, "
                + "but \"[user]a[assistant]b\" as part of the conversation. Likely its generation prompt is not how it begins a turn of "
                + "the assistant; "
                + "use a template where it is", () -> new ChatSegments(odd, TrainOn.LAST_TURN, Optional.empty()).example(SHORT));
    }

    @Test
    void aConversationWithoutAnAnswerIsAnError() {
        assertMessage("no message is from the assistant, there is nothing to learn; the roles are [user]",
                () -> segments("chatml", TrainOn.ALL, "<|im_end|>").example(SHORT.subList(0, 1)));
    }

    @Test
    void generationStartsFromWhatIsBeforeTheScoredText() {
        for (String name : ChatTemplates.names()) {
            ChatSegments segments = segments(name, TrainOn.LAST_TURN, ChatTemplates.endOfTurn(name, Golden.TOKENS));
            assertEquals(segments.example(SHORT).segments().subList(0, 1), segments.prompt(SHORT), name);
            assertEquals(segments.prompt(SHORT), segments.prompt(SHORT.subList(0, 1)), name);
        }
    }

    @Test
    void theSegmentsOfEveryConversationAreItsRenderingButForWhatIsBehindTheLastToken() {
        List<String> seen = new ArrayList<>();
        for (String name : ChatTemplates.names()) {
            String end = ChatTemplates.endOfTurn(name, Golden.TOKENS);
            for (JsonNode conversation : Golden.json("conversations.json")) {
                List<Message> messages = Golden.messages(conversation);
                for (TrainOn trainOn : TrainOn.values()) {
                    try {
                        ChatExample example = segments(name, trainOn, end).example(messages, Golden.tools(conversation));
                        String text = String.join("", example.segments().stream().map(Segment::text).toList());
                        if (example.segments().stream().noneMatch(Segment::scored)) {
                            continue;   // no answer says anything
                        }
                        int last = messages.size();
                        while (!messages.get(last - 1).isAssistant() || messages.get(last - 1).says().isEmpty()) {
                            last--;
                        }
                        List<Message> kept = new TextParts(Golden.template(name)).joined(messages.subList(0, last));
                        String whole = Golden.template(name).render(kept, Golden.tools(conversation), false);
                        assertTrue(text.endsWith(end) && !example.appendEos(), name + conversation);
                        assertEquals(whole.strip(), text.strip(), name + conversation);
                        seen.add(name);
                    } catch (UserError e) {
                        // refused by the template, without an answer, or rewritten: each has a test of its own
                    }
                }
            }
        }
        assertTrue(seen.size() > 200, "seen " + seen.size());
    }

    private static ChatSegments segments(String template, TrainOn trainOn, String endOfTurn) {
        return new ChatSegments(ChatTemplates.named(template, Golden.TOKENS), trainOn, Optional.of(endOfTurn));
    }

    private static ChatExample example(boolean appendEos, Segment... segments) {
        return new ChatExample(List.of(segments), appendEos, 0);
    }

    private static Segment yes(String text) {
        return new Segment(text, true);
    }

    private static Segment no(String text) {
        return new Segment(text, false);
    }

    private static void assertMessage(String message, Executable action) {
        assertEquals(message, assertThrows(UserError.class, action).getMessage());
    }
}
