package io.softq4j.data.chat;

import com.fasterxml.jackson.databind.JsonNode;
import io.softq4j.common.UserError;
import io.softq4j.tokens.Segment;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Which text of a conversation is learnt. Where a turn of the assistant begins and ends is found by rendering what is before it, with
 * the generation prompt, and what is up to it, never by searching the text: whatever a message holds, it cannot be taken for structure.
 * What is scored is so exactly what the model has to write after {@link #prompt}.
 *
 * <p>A conversation whose last message is not from the assistant is cut after the last one that is. Of a turn that is scored, the
 * token that ends it is the last: what the template writes behind it, such as a line feed, is context in the middle of a conversation
 * and left out at its end. The segments together are the rendering of the cut conversation but for that.
 */
public final class ChatSegments {

    private final ChatTemplate template;
    private final TrainOn trainOn;
    private final Optional<String> endOfTurn;

    /**
     * For conversations of one template.
     *
     * @param endOfTurn the token that ends a turn of the assistant, as {@link EndOfTurn} finds it; empty if the template writes none
     */
    public ChatSegments(ChatTemplate template, TrainOn trainOn, Optional<String> endOfTurn) {
        this.template = template;
        this.trainOn = trainOn;
        this.endOfTurn = endOfTurn;
    }

    /** A conversation without tools. */
    public ChatExample example(List<Message> messages) {
        return example(messages, List.of());
    }

    /**
     * The example of a conversation.
     *
     * @param tools JSON schemas of functions the assistant may call
     * @throws UserError if no message is from the assistant, the template refuses the conversation, or it writes turns otherwise once
     *                   others follow
     */
    public ChatExample example(List<Message> messages, List<JsonNode> tools) {
        int last = lastOfAssistant(messages);
        if (last < 0) {
            throw new UserError("no message is from the assistant, there is nothing to learn; the roles are "
                    + messages.stream().map(Message::role).toList());
        }
        String text = template.render(messages.subList(0, last + 1), tools, false);
        Spans spans = new Spans(text);
        if (trainOn == TrainOn.ALL) {
            String bos = template.specialTokens().getOrDefault("bos_token", "");
            spans.upTo(text.startsWith(bos) ? bos.length() : 0, false);
        }
        boolean ends = false;
        for (int i = 0; i <= last; i++) {
            if (messages.get(i).isAssistant()) {
                ends = answer(spans, text, messages, i, last, tools);
            }
        }
        if (spans.segments().stream().noneMatch(Segment::scored)) {
            throw new UserError("chat template " + template.origin() + " writes nothing for the assistant's messages, there is nothing to learn; "
                    + "are they empty?");
        }
        return new ChatExample(spans.segments(), !ends);
    }

    /** Marks the answer that message {@code i} is; returns whether the token that ends it is scored. */
    private boolean answer(Spans spans, String text, List<Message> messages, int i, int last, List<JsonNode> tools) {
        boolean scored = i == last || trainOn != TrainOn.LAST_TURN;
        if (trainOn == TrainOn.ALL || !scored) {
            prefix(text, messages, i, tools, true).ifPresent(start -> spans.answer(start, trainOn == TrainOn.ALL));
            return i == last && score(spans, text, 0, text.length());
        }
        int start = requiredPrefix(text, messages, i, tools, true);
        spans.answer(start, false);
        return score(spans, text, start, i == last ? text.length() : requiredPrefix(text, messages, i + 1, tools, false));
    }

    /** Scores {@code [from, to)}, up to the token that ends the turn; returns whether there is one. */
    private boolean score(Spans spans, String text, int from, int to) {
        // the last one, with nothing but white space behind it: others are what the message itself spells
        int at = endOfTurn.isEmpty() ? -1 : text.lastIndexOf(endOfTurn.get(), to - endOfTurn.get().length());
        boolean ends = at >= from && text.substring(at + endOfTurn.get().length(), to).isBlank();
        spans.upTo(ends ? at + endOfTurn.get().length() : to, true);
        return ends;
    }

    /** What generation starts from, of a conversation without tools. */
    public List<Segment> prompt(List<Message> messages) {
        return prompt(messages, List.of());
    }

    /**
     * What generation starts from: the conversation, without a last turn of the assistant if it ends in one, and the generation prompt. It is cut where
     * earlier answers begin, as an example is.
     *
     * @throws UserError if the template refuses the conversation
     */
    public List<Segment> prompt(List<Message> messages, List<JsonNode> tools) {
        boolean answered = !messages.isEmpty() && messages.get(messages.size() - 1).isAssistant();
        List<Message> asked = answered ? messages.subList(0, messages.size() - 1) : messages;
        String text = template.render(asked, tools, true);
        Spans spans = new Spans(text);
        for (int i = 0; i < asked.size(); i++) {
            if (asked.get(i).isAssistant()) {
                prefix(text, asked, i, tools, true).ifPresent(start -> spans.answer(start, false));
            }
        }
        return spans.upTo(text.length(), false).segments();
    }

    private static int lastOfAssistant(List<Message> messages) {
        int last = messages.size() - 1;
        while (last >= 0 && !messages.get(last).isAssistant()) {
            last--;
        }
        return last;
    }

    /** How long the rendering of the first messages is; empty if it is not how {@code text} begins. */
    private OptionalInt prefix(String text, List<Message> messages, int count, List<JsonNode> tools, boolean generationPrompt) {
        String before = template.render(messages.subList(0, count), tools, generationPrompt);
        return text.startsWith(before) ? OptionalInt.of(before.length()) : OptionalInt.empty();
    }

    private int requiredPrefix(String text, List<Message> messages, int count, List<JsonNode> tools, boolean generationPrompt) {
        return prefix(text, messages, count, tools, generationPrompt).orElseThrow(() -> rewritten(text,
                template.render(messages.subList(0, count), tools, generationPrompt), count, generationPrompt));
    }

    private UserError rewritten(String text, String before, int count, boolean generationPrompt) {
        int at = 0;
        while (at < text.length() && at < before.length() && text.charAt(at) == before.charAt(at)) {
            at++;
        }
        return new UserError("chat template " + template.origin() + " writes the first " + count + " messages "
                + (generationPrompt ? "and the generation prompt " : "") + "otherwise once others follow: it has " + around(before, at)
                + " alone, but " + around(text, at) + " as part of the conversation. " + (trainOn == TrainOn.COMPLETION
                ? "Likely it leaves the thinking out of earlier turns, so that they cannot be trained on in one text. Set train_on: last_turn, "
                + "or split the conversation into one row per turn of the assistant"
                : "Likely its generation prompt is not how it begins a turn of the assistant; use a template where it is"));
    }

    private static String around(String text, int at) {
        String part = text.substring(Math.max(0, at - 20), Math.min(text.length(), at + 20));
        return "\"" + part.replace("\n", "\\n") + "\"";
    }
}
