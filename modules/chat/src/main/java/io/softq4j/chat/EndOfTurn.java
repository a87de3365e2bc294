package io.softq4j.chat;

import io.softq4j.common.UserError;
import io.softq4j.tokens.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntPredicate;

/**
 * Which token ends a turn of the assistant, such as {@code <|im_end|>} or {@code </s>}: the first special token that a template writes
 * behind an answer, else the first added one; if it writes none, the one that the user's next turn begins with, such as {@code <|user|>},
 * by which a model that was trained on such text shows that it is done.
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
        return firstSpecial(behind, tokenizer).or(() -> firstAdded(behind, tokenizer))
                .or(() -> nextTurn(template).flatMap(next -> firstSpecial(next, tokenizer).filter(next::startsWith)));
    }

    private static Optional<String> firstSpecial(String text, Tokenizer tokenizer) {
        return first(text, tokenizer, id -> tokenizer.decode(new int[] {id}).isEmpty());
    }

    /**
     * Some tokenizers have the token that ends a turn as one that is added and do not mark it special; line ends may be added tokens, too.
     */
    private static Optional<String> firstAdded(String text, Tokenizer tokenizer) {
        return first(text, tokenizer, id -> tokenizer.isAdded(id) && !tokenizer.tokenText(id).isBlank());
    }

    private static Optional<String> first(String text, Tokenizer tokenizer, IntPredicate wanted) {
        for (int id : tokenizer.encode(text)) {
            if (wanted.test(id)) {
                Optional<String> spelled = spelled(text, id, tokenizer);
                if (spelled.isPresent()) {
                    return spelled;
                }
            }
        }
        return Optional.empty();
    }

    /** Whether the turn after an answer begins with {@code token}, which does not stand behind the answer alone. */
    static boolean opensNextTurn(ChatTemplate template, String token) {
        try {
            return !behindAnswer(template).contains(token) && nextTurn(template).filter(next -> next.startsWith(token)).isPresent();
        } catch (UserError e) {
            return false;
        }
    }

    /**
     * EOS where a template writes it behind a whole conversation that no answer is asked of, as Phi 3's do, besides what ends each turn;
     * else empty.
     */
    static String closing(ChatTemplate template, Optional<String> endOfTurn) {
        String eos = template.specialTokens().getOrDefault("eos_token", "");
        try {
            return endOfTurn.isPresent() && !endOfTurn.get().equals(eos) && behindAnswer(template).endsWith(eos) ? eos : "";
        } catch (UserError e) {
            return "";
        }
    }

    /** What a template writes for a user's message after an answer; empty if it refuses one, or writes the answer otherwise then. */
    private static Optional<String> nextTurn(ChatTemplate template) {
        List<Message> answered = List.of(Message.of("user", "a"), Message.of("assistant", "b"));
        List<Message> going = new ArrayList<>(answered);
        going.add(Message.of("user", "c"));
        try {
            String before = template.render(answered, false);
            return Optional.of(template.render(going, false)).filter(text -> text.startsWith(before)).map(text ->
                    text.substring(before.length()));
        } catch (UserError e) {
            return Optional.empty();
        }
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
