package io.softq4j.data.chat;

import io.softq4j.tokens.Tokenizer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Which token ends a turn of the assistant, such as {@code <|im_end|>} or {@code </s>}: the first special token that a template writes
 * behind an answer.
 */
public final class EndOfTurn {

    private EndOfTurn() {
    }

    /**
     * The token as it is spelled; empty if the template writes none that the tokenizer knows as one, so that EOS is to be added.
     *
     * @throws io.softq4j.common.UserError if the template refuses a question and its answer
     */
    public static Optional<String> of(ChatTemplate template, Tokenizer tokenizer) {
        String behind = behindAnswer(template);
        for (int id : tokenizer.encode(behind)) {
            if (tokenizer.decode(new int[] {id}).isEmpty()) {
                Optional<String> spelled = spelled(behind, id, tokenizer);
                if (spelled.isPresent()) {
                    return spelled;
                }
            }
        }
        return Optional.empty();
    }

    /** What two conversations that differ in the answer alone end in. */
    private static String behindAnswer(ChatTemplate template) {
        Message question = Message.of("user", "a");
        String prompt = template.render(List.of(question), true);
        String one = template.render(List.of(question, Message.of("assistant", "b")), false);
        String other = template.render(List.of(question, Message.of("assistant", "c")), false);
        int same = 0;
        while (same < one.length() - prompt.length() && same < other.length() - prompt.length()
                && one.charAt(one.length() - 1 - same) == other.charAt(other.length() - 1 - same)) {
            same++;
        }
        return one.substring(one.length() - same);
    }

    /** The first part of the text that is the token of that id; a tokenizer gives the text of special tokens as nothing. */
    private static Optional<String> spelled(String text, int id, Tokenizer tokenizer) {
        for (int start = 0; start < text.length(); start++) {
            for (int end = start + 1; end <= text.length(); end++) {
                OptionalInt found = tokenizer.idOf(text.substring(start, end));
                if (found.isPresent() && found.getAsInt() == id) {
                    return Optional.of(text.substring(start, end));
                }
            }
        }
        return Optional.empty();
    }
}
