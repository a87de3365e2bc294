package io.softq4j.data.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.softq4j.tokens.BpeOptions;
import io.softq4j.tokens.BpeTrainer;
import io.softq4j.tokens.Tokenizer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EndOfTurnTest {

    @Test
    void itIsTheFirstSpecialTokenBehindAnAnswer() {
        for (String name : ChatTemplates.names()) {
            List<String> tokens = ChatTemplates.tokens(name, Map.of());
            assertEquals(Optional.of(ChatTemplates.endOfTurn(name, Map.of())), EndOfTurn.of(ChatTemplates.named(name, Map.of()), letters(tokens)), name);
        }
    }

    @Test
    void aTokenThatTheTokenizerDoesNotHaveIsNone() {
        assertEquals(Optional.empty(), EndOfTurn.of(ChatTemplates.named("chatml", Map.of()), letters(List.of("</s>"))));
    }

    @Test
    void aTemplateMayWriteNone() {
        ChatTemplate plain = ChatTemplate.of("{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}", "plain", Map.of());
        assertEquals(Optional.empty(), EndOfTurn.of(plain, letters(List.of("</s>"))));
    }

    @Test
    void whatIsBeforeTheAnswerIsNotLookedAt() {
        ChatTemplate marks = ChatTemplate.of("{% for m in messages %}<|end|>{{ m.content }}<|x|><|end|>{% endfor %}", "marks", Map.of());
        assertEquals(Optional.of("<|x|>"), EndOfTurn.of(marks, letters(List.of("<|end|>", "<|x|>"))));
    }

    /** A tokenizer of bytes and special tokens. */
    private static Tokenizer letters(List<String> special) {
        return new BpeTrainer(new BpeOptions(256 + special.size(), 1, special, 64, false)).train();
    }
}
