package io.softq4j.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.softq4j.chat.jinja.Limits;
import io.softq4j.common.UserError;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChatTemplateTest {

    private static final List<Message> SHORT = List.of(Message.of("user", "a"), Message.of("assistant", "b"));

    @Test
    void errorsNameTheTemplateAndItsLine() {
        assertEquals("chat template x.jinja, line 2: {% if %} is not closed; expected {% elif %} or {% else %} or {% endif %}",
                assertThrows(UserError.class, () -> ChatTemplate.of("a\n{% if true %}", "x.jinja", Map.of())).getMessage());
        assertEquals("chat template x.jinja, line 2: a mapping has no 'name'",
                assertThrows(UserError.class, () -> ChatTemplate.of("a\n{{ messages[0].name + ':' }}", "x.jinja", Map.of()).render(SHORT,
                true)).getMessage());
        assertEquals("chat template x.jinja, line 1: it does more than 10 steps; likely it never ends, "
                + "or the conversation is of the length of a book", assertThrows(UserError.class,
                () -> ChatTemplate.of("{% for i in range(9) %}{{ i }}{% endfor %}", "x.jinja", Map.of()).withLimits(new Limits(10, 1000,
                10)).render(SHORT, true)).getMessage());
        assertEquals("chat template \"gemma\", line 9: the template refuses these messages: user and assistant must take turns, beginning "
                + "with the user "
                + "after an optional system message; message 1 is from assistant", assertThrows(UserError.class,
                () -> ChatTemplates.named("gemma", Map.of()).render(SHORT.subList(1, 2), false)).getMessage());
    }

    @Test
    void theTemplateSeesWhatTransformersGivesIt() {
        assertEquals("None None True <s>", ChatTemplate.of("{{ tools }} {{ documents }} {{ add_generation_prompt }} {{ bos_token }}", "x",
                Map.of("bos_token", "<s>"))
                .render(SHORT, true));
    }

    @Test
    void aTemplateThatIsNotThereIsAnsweredWithThoseThatAre() {
        assertEquals("there is no chat template \"chatmi\"; there are chatml, llama3, mistral, gemma, zephyr, qwen, qwen3, or give the "
                + "path of a Jinja file",
                assertThrows(UserError.class, () -> ChatTemplates.named("chatmi", Map.of())).getMessage());
    }

    @Test
    void tokensOfTheTokenizerReplaceThoseOfTheModelsATemplateIsFrom() {
        assertEquals(List.of("[INST]", "[/INST]", "<s>", "</s>"), ChatTemplates.tokens("mistral", Map.of()));
        assertEquals(List.of("[INST]", "[/INST]", "<s>", "<|endoftext|>"), ChatTemplates.tokens("mistral",
                Map.of("eos_token", "<|endoftext|>")));
        assertEquals("<|endoftext|>", ChatTemplates.endOfTurn("zephyr", Map.of("eos_token", "<|endoftext|>")));
        assertEquals("<|user|>\na<|endoftext|>\n<|assistant|>\nb<|endoftext|>\n",
                ChatTemplates.named("zephyr", Map.of("eos_token", "<|endoftext|>")).render(SHORT, false));
    }

    /** From the formats as the models' makers publish them. */
    @Test
    void theSimplestConversationOfEachFamily() {
        List<Message> messages = List.of(Message.of("system", "s"), Message.of("user", " a "), Message.of("assistant", "b"),
                Message.of("user", "c"));
        assertPrompt("chatml", messages, "<|im_start|>system\ns<|im_end|>\n<|im_start|>user\n a "
                + "<|im_end|>\n<|im_start|>assistant\nb<|im_end|>\n"
                + "<|im_start|>user\nc<|im_end|>\n<|im_start|>assistant\n");
        assertPrompt("llama3", messages, "<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\ns<|eot_id|><|start_header_id|>user<|end_header_id|>\n\n"
                + "a<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\nb<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nc<|eot_id|>"
                + "<|start_header_id|>assistant<|end_header_id|>\n\n");
        assertPrompt("mistral", messages, "<s>[INST] s\n\n a  [/INST] b</s>[INST] c [/INST]");
        assertPrompt("gemma", messages, "<bos><start_of_turn>user\ns\n\na<end_of_turn>\n<start_of_turn>model\nb<end_of_turn>\n<start_of_turn>user\nc<end_of_turn>\n"
                + "<start_of_turn>model\n");
        assertPrompt("zephyr", messages, "<|system|>\ns</s>\n<|user|>\n a </s>\n<|assistant|>\nb</s>\n<|user|>\nc</s>\n<|assistant|>\n");
        assertPrompt("qwen", messages.subList(1, 2), "<|im_start|>system\nYou are Qwen, created by Alibaba Cloud. You are a helpful "
                + "assistant.<|im_end|>\n"
                + "<|im_start|>user\n a <|im_end|>\n<|im_start|>assistant\n");
        assertPrompt("qwen3", messages, "<|im_start|>system\ns<|im_end|>\n<|im_start|>user\n a "
                + "<|im_end|>\n<|im_start|>assistant\nb<|im_end|>\n"
                + "<|im_start|>user\nc<|im_end|>\n<|im_start|>assistant\n");
    }

    private static void assertPrompt(String name, List<Message> messages, String expected) {
        assertEquals(expected, ChatTemplates.named(name, Map.of()).render(messages, true));
    }
}
