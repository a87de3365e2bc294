package io.softq4j.chat;

import com.fasterxml.jackson.databind.JsonNode;
import io.softq4j.chat.jinja.Jinja;
import io.softq4j.chat.jinja.Limits;
import io.softq4j.chat.jinja.None;
import io.softq4j.chat.jinja.TemplateError;
import io.softq4j.common.UserError;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A chat template is a Jinja program that makes text from messages, as Hugging Face tokenizers have it in {@code tokenizer_config.json}.
 * It runs as {@code transformers} runs it, in a closed and bounded interpreter. It cannot read the time ({@code strftime_now} is
 * undefined), so the same messages always give the same text. Immutable; safe to share between threads.
 *
 * @see <a href="https://huggingface.co/docs/transformers/chat_templating_writing">Hugging Face, writing a chat template</a>
 */
public final class ChatTemplate {

    private final String source;
    private final String origin;
    private final Map<String, String> specialTokens;
    private final Jinja jinja;

    private ChatTemplate(String source, String origin, Map<String, String> specialTokens, Limits limits) {
        this.source = source;
        this.origin = origin;
        this.specialTokens = Map.copyOf(specialTokens);
        try {
            this.jinja = new Jinja(source, limits);
        } catch (TemplateError e) {
            throw error(e);
        }
    }

    /**
     * Reads a template.
     *
     * @param source        the template
     * @param origin        where it is from, for messages
     * @param specialTokens variables of the template, such as {@code bos_token} and {@code eos_token}
     * @throws UserError if it is malformed or uses what chat templates do not have
     */
    public static ChatTemplate of(String source, String origin, Map<String, String> specialTokens) {
        return new ChatTemplate(source, origin, specialTokens, Limits.defaults());
    }

    /** With other limits on what one rendering may do. */
    public ChatTemplate withLimits(Limits limits) {
        return new ChatTemplate(source, origin, specialTokens, limits);
    }

    /**
     * The text of a conversation without tools.
     *
     * @param addGenerationPrompt whether it ends with what stands before an answer of the assistant
     * @throws UserError if the template refuses the messages, misses a field, or does more than its limits allow
     */
    public String render(List<Message> messages, boolean addGenerationPrompt) {
        return render(messages, List.of(), addGenerationPrompt);
    }

    /**
     * The text of a conversation.
     *
     * @param tools               JSON schemas of functions the assistant may call; the template's {@code tools} is none if there are none
     * @param addGenerationPrompt whether it ends with what stands before an answer of the assistant
     * @throws UserError if the template refuses the messages, misses a field, or does more than its limits allow
     */
    public String render(List<Message> messages, List<JsonNode> tools, boolean addGenerationPrompt) {
        Map<String, Object> variables = new LinkedHashMap<>();
        List<Object> fields = new ArrayList<>(messages.size());
        messages.forEach(message -> fields.add(message.fields()));
        variables.put("messages", fields);
        variables.put("tools", tools.isEmpty() ? None.NONE : tools.stream().map(JsonValues::of).toList());
        variables.put("documents", None.NONE);
        variables.put("add_generation_prompt", addGenerationPrompt);
        variables.putAll(specialTokens);
        try {
            return jinja.render(variables);
        } catch (TemplateError e) {
            throw error(e);
        }
    }

    private UserError error(TemplateError e) {
        return new UserError("chat template " + origin + (e.line() > 0 ? ", line " + e.line() : "") + ": " + e.getMessage());
    }

    /** The template as it was written. */
    public String source() {
        return source;
    }

    /** Where it is from. */
    public String origin() {
        return origin;
    }

    /** The variables it was given, such as {@code bos_token}. */
    public Map<String, String> specialTokens() {
        return specialTokens;
    }
}
