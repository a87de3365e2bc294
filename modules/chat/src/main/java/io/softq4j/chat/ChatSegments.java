package io.softq4j.chat;

import com.fasterxml.jackson.databind.JsonNode;
import io.softq4j.common.UserError;
import io.softq4j.tokens.Segment;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Which text of a conversation is learnt. Where a turn of the assistant begins and ends is found by rendering what is before it, with
 * the generation prompt, and what is up to it, never by searching the text: whatever a message holds, it cannot be taken for structure.
 * What is scored is so exactly what the model has to write after {@link #prompt}.
 *
 * <p>A conversation is cut after the last answer that is learned. Of a turn that is scored, the token that ends it is the last: what the
 * template writes behind it, such as a line feed, is context in the middle of a conversation and left out at its end. Where the mark of the
 * next role ends a turn, it is scored with the turn, and added to the last. The segments together are the rendering of the cut conversation
 * but for that.
 */
public final class ChatSegments {

    private final ChatTemplate template;
    private final TrainOn trainOn;
    private final Optional<String> endOfTurn;
    /** Whether the next turn begins with what ends a turn. */
    private final boolean endsWithNext;
    /** What ends the conversation, not its turns. */
    private final String closing;
    private final TextParts parts;
    private final Coverage coverage;
    private final UnwrittenFields unwritten;

    /**
     * For conversations of one template.
     *
     * @param endOfTurn the token that ends a turn of the assistant, as {@link EndOfTurn} finds it; empty if the template writes none
     */
    public ChatSegments(ChatTemplate template, TrainOn trainOn, Optional<String> endOfTurn) {
        this.template = template;
        this.trainOn = trainOn;
        this.endOfTurn = endOfTurn;
        this.endsWithNext = endOfTurn.isPresent() && EndOfTurn.opensNextTurn(template, endOfTurn.get());
        this.closing = EndOfTurn.closing(template, endOfTurn);
        this.parts = new TextParts(template);
        this.coverage = new Coverage(template);
        this.unwritten = new UnwrittenFields(template);
    }

    /** A conversation without tools. */
    public ChatExample example(List<Message> messages) {
        return example(messages, List.of());
    }

    /**
     * The example of a conversation. Of the answers those are learned that say something and are not masked ({@link Message#isMasked});
     * where there are none, nothing is scored.
     *
     * @param tools JSON schemas of functions the assistant may call
     * @throws UserError if no message is from the assistant, the template refuses the conversation, does not write all of it, or writes
     *                   turns otherwise once others follow
     */
    public ChatExample example(List<Message> messages, List<JsonNode> tools) {
        if (messages.stream().noneMatch(Message::isAssistant)) {
            throw new UserError("no message is from the assistant, there is nothing to learn; the roles are "
                    + messages.stream().map(Message::role).toList());
        }
        int empty = (int) messages.stream().filter(message -> message.isAssistant() && message.says().isEmpty()).count();
        int last = last(messages);
        if (last < 0) {
            return new ChatExample(List.of(new Segment(template.render(parts.joined(messages), tools, false), false)), false, empty);
        }
        Turns turns = new Turns(parts.joined(messages.subList(0, last + 1)), tools);
        ChatExample example = turns.example(empty);
        coverage.require(turns.messages, tools, turns::isLearned);
        unwritten.note(turns.messages, tools);
        return example;
    }

    /** Fields of messages that the template writes nothing of, each with the number of messages of the examples so far. */
    public Map<String, Long> unwrittenFields() {
        return unwritten.counts();
    }

    private static boolean mayBeLearned(Message message) {
        return message.isAssistant() && !message.isMasked() && message.says().isPresent();
    }

    private static int last(List<Message> messages) {
        int last = messages.size() - 1;
        while (last >= 0 && !mayBeLearned(messages.get(last))) {
            last--;
        }
        return last;
    }

    /** A conversation that ends in an answer to learn, and its text. */
    private final class Turns {

        private final List<Message> messages;
        private final List<JsonNode> tools;
        private final int last;
        private final String text;
        private final Spans spans;

        Turns(List<Message> messages, List<JsonNode> tools) {
            this.messages = messages;
            this.tools = tools;
            this.last = messages.size() - 1;
            this.text = turns(messages, tools, false);
            this.spans = new Spans(text);
        }

        boolean isLearned(int i) {
            return i == last || trainOn != TrainOn.LAST_TURN && mayBeLearned(messages.get(i));
        }

        ChatExample example(int empty) {
            if (trainOn == TrainOn.ALL) {
                String bos = template.specialTokens().getOrDefault("bos_token", "");
                spans.upTo(text.startsWith(bos) ? bos.length() : 0, false);
            }
            boolean ends = false;
            for (int i = 0; i <= last; i++) {
                if (messages.get(i).isAssistant()) {
                    ends = answer(i);
                }
            }
            return new ChatExample(spans.segments(), !ends, empty);
        }

        /** Marks an answer; returns whether it is scored with the token that ends it. */
        private boolean answer(int i) {
            boolean all = trainOn == TrainOn.ALL;
            boolean learned = isLearned(i);
            // only where scored and unscored text meet the place must be known
            OptionalInt start = learned == all ? prefix(text, messages, i, tools, true)
                    : OptionalInt.of(requiredPrefix(text, messages, i, tools, true));
            start.ifPresent(at -> spans.answer(at, all));
            if (learned == all && i < last) {
                return false;
            }
            int to = i == last ? text.length() : requiredPrefix(text, messages, i + 1, tools, false);
            int end = end(start.orElse(0), to);
            if (learned) {
                requireText(i, text.substring(start.orElse(0), to));
            }
            spans.upTo(end < 0 ? to : Math.min(end, text.length()), learned);
            if (end > text.length()) {
                spans.append(endOfTurn.get());
            }
            return learned && end >= 0;
        }

        /** Where the token that ends the turn {@code [from, to)} ends; beyond the text if it is to be added; -1 if there is none. */
        private int end(int from, int to) {
            if (endOfTurn.isEmpty()) {
                return -1;
            }
            String token = endOfTurn.get();
            // the last one, with nothing but white space behind it: others are what the message itself spells
            int at = endsWithNext ? -1 : text.lastIndexOf(token, to - token.length());
            if (at >= from && text.substring(at + token.length(), to).isBlank()) {
                return at + token.length();
            }
            return endsWithNext && (to == text.length() || text.startsWith(token, to)) ? to + token.length() : -1;
        }

        /**
         * A turn that holds nothing but its end, though its message says something, is the sure sign of a template that does not write it.
         */
        private void requireText(int i, String turn) {
            if ((endOfTurn.isEmpty() ? turn : turn.replace(endOfTurn.get(), "")).isBlank()) {
                String field = messages.get(i).says().orElse("content");
                throw new NotRendered(field, "chat template " + template.origin() + " writes nothing for \"" + field + "\" of message "
                        + (i + 1)
                        + ", from the assistant, so there is nothing to learn. Use a template that does (data.chat_template)");
            }
        }
    }

    /** What generation starts from, of a conversation without tools. */
    public List<Segment> prompt(List<Message> messages) {
        return prompt(messages, List.of());
    }

    /**
     * What generation starts from: the conversation, without a last turn of the assistant if it ends in one, and the generation prompt. It
     * is cut where earlier answers begin, as an example is.
     *
     * @throws UserError if the template refuses the conversation, or does not write all of it
     */
    public List<Segment> prompt(List<Message> messages, List<JsonNode> tools) {
        boolean answered = !messages.isEmpty() && messages.get(messages.size() - 1).isAssistant();
        List<Message> asked = parts.joined(answered ? messages.subList(0, messages.size() - 1) : messages);
        coverage.require(asked, tools, i -> false);
        String text = template.render(asked, tools, true);
        Spans spans = new Spans(text);
        for (int i = 0; i < asked.size(); i++) {
            if (asked.get(i).isAssistant()) {
                prefix(text, asked, i, tools, true).ifPresent(start -> spans.answer(start, false));
            }
        }
        return spans.upTo(text.length(), false).segments();
    }

    /** The rendering without what ends a whole conversation. */
    private String turns(List<Message> messages, List<JsonNode> tools, boolean generationPrompt) {
        String text = template.render(messages, tools, generationPrompt);
        return !generationPrompt && text.endsWith(closing) ? text.substring(0, text.length() - closing.length()) : text;
    }

    /** How long the rendering of the first messages is; empty if it is not how {@code text} begins. */
    private OptionalInt prefix(String text, List<Message> messages, int count, List<JsonNode> tools, boolean generationPrompt) {
        String before = turns(messages.subList(0, count), tools, generationPrompt);
        return text.startsWith(before) ? OptionalInt.of(before.length()) : OptionalInt.empty();
    }

    private int requiredPrefix(String text, List<Message> messages, int count, List<JsonNode> tools, boolean generationPrompt) {
        return prefix(text, messages, count, tools, generationPrompt).orElseThrow(() -> rewritten(text,
                turns(messages.subList(0, count), tools, generationPrompt), count, generationPrompt));
    }

    private UserError rewritten(String text, String before, int count, boolean generationPrompt) {
        int at = 0;
        while (at < text.length() && at < before.length() && text.charAt(at) == before.charAt(at)) {
            at++;
        }
        return new UserError("chat template " + template.origin() + " writes the first " + count + " messages "
                + (generationPrompt ? "and the generation prompt " : "") + "otherwise once others follow: it has " + around(before, at)
                + " alone, but " + around(text, at) + " as part of the conversation. " + (trainOn == TrainOn.COMPLETION
                ? "Likely it leaves the thinking out of earlier turns, so that they cannot be trained on in one text. Set train_on: "
                + "last_turn, "
                + "or split the conversation into one row per turn of the assistant"
                : "Likely its generation prompt is not how it begins a turn of the assistant; use a template where it is"));
    }

    private static String around(String text, int at) {
        String part = text.substring(Math.max(0, at - 20), Math.min(text.length(), at + 20));
        return "\"" + part.replace("\n", "\\n") + "\"";
    }
}
