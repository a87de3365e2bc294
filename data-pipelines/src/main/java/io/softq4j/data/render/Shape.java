package io.softq4j.data.render;

import java.util.List;
import java.util.Locale;

/** What the rows of a corpus look like. */
public enum Shape {
    /** Recognised by the columns of the first row. */
    AUTO(List.of(), List.of()),
    /** A column {@code messages}: a list of {@code role} and {@code content}, as OpenAI and TRL have it; perhaps {@code system} and {@code tools}. */
    MESSAGES(List.of("messages"), List.of("system", "tools")),
    /** A column {@code conversations}: a list of {@code from} (human, gpt, system) and {@code value}; perhaps {@code system} and {@code tools}. */
    SHAREGPT(List.of("conversations"), List.of("system", "tools")),
    /** Two columns of text, the response going on where the prompt ends; TRL's name for it. */
    PROMPT_COMPLETION(List.of("prompt", "completion"), List.of()),
    /** {@code instruction}, {@code output} and perhaps {@code input}, as Stanford Alpaca (Taori et al. 2023). */
    ALPACA(List.of("instruction", "output"), List.of("input")),
    /** {@code question} and {@code answer}, as GSM8K (Cobbe et al. 2021). */
    GSM8K(List.of("question", "answer"), List.of()),
    /** {@code document} and {@code summary}, as XSUM (Narayan et al. 2018). */
    XSUM(List.of("document", "summary"), List.of()),
    /** A sentence and its translation: a column {@code translation} with a text for each of two languages, as in WMT. */
    TRANSLATION(List.of("source", "target"), List.of()),
    /** A column {@code text}, all of which is learned: language modelling. */
    TEXT(List.of("text"), List.of()),
    /** The templates {@code prompt} and {@code response} of the configuration. */
    TEMPLATE(List.of(), List.of());

    private final List<String> required;
    private final List<String> optional;

    Shape(List<String> required, List<String> optional) {
        this.required = required;
        this.optional = optional;
    }

    /** The fields a row of this shape has; {@code columns} of the configuration names the columns they are in. */
    public List<String> required() {
        return required;
    }

    /** Fields a row may lack. */
    public List<String> optional() {
        return optional;
    }

    /** Whether a row is a conversation, which needs a chat template. */
    public boolean isConversation() {
        return this == MESSAGES || this == SHAREGPT;
    }

    /** As written in a configuration. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
