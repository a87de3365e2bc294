package io.softq4j.chat;

import java.util.List;
import java.util.Map;

/**
 * What is known of a template that comes with softq4j.
 *
 * @param name      as it is asked for
 * @param tokens    special tokens it spells itself; a tokenizer that is trained for it should have them
 * @param variables special tokens it is given, and what they are in the models it is from
 * @param endOfTurn the token that ends a turn of the assistant: one of {@code tokens}, or the name of a variable
 */
record BuiltInTemplate(String name, List<String> tokens, Map<String, String> variables, String endOfTurn) {

    private static final List<String> CHATML = List.of("<|im_start|>", "<|im_end|>");
    private static final Map<String, String> LLAMA_2 = Map.of("bos_token", "<s>", "eos_token", "</s>");

    /** In the order they are listed in. */
    static final List<BuiltInTemplate> ALL = List.of(
            new BuiltInTemplate("chatml", CHATML, Map.of(), "<|im_end|>"),
            new BuiltInTemplate("llama3", List.of("<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"),
                    Map.of("bos_token", "<|begin_of_text|>"), "<|eot_id|>"),
            new BuiltInTemplate("mistral", List.of("[INST]", "[/INST]"), LLAMA_2, "eos_token"),
            new BuiltInTemplate("gemma", List.of("<start_of_turn>", "<end_of_turn>"), Map.of("bos_token", "<bos>"), "<end_of_turn>"),
            new BuiltInTemplate("zephyr", List.of("<|system|>", "<|user|>", "<|assistant|>"), Map.of("eos_token", "</s>"), "eos_token"),
            new BuiltInTemplate("qwen", CHATML, Map.of(), "<|im_end|>"),
            new BuiltInTemplate("qwen3", CHATML, Map.of(), "<|im_end|>"));
}
