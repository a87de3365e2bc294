package io.softq4j.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.softq4j.tokens.Tokenizer;
import io.softq4j.tokens.bpe.BpeOptions;
import io.softq4j.tokens.bpe.BpeTrainer;
import io.softq4j.tokens.huggingface.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EndOfTurnTest {

    @Test
    void itIsTheFirstSpecialTokenBehindAnAnswer() {
        for (String name : ChatTemplates.names()) {
            List<String> tokens = ChatTemplates.tokens(name, Map.of());
            assertEquals(Optional.of(ChatTemplates.endOfTurn(name, Map.of())), EndOfTurn.of(ChatTemplates.named(name, Map.of()),
                    letters(tokens)), name);
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

    @Test
    void anAddedTokenBehindAnAnswerEndsItThoughItIsNotMarkedSpecial(@TempDir Path home) throws IOException {
        letters(List.of("</s>", "<|im_start|>", "<|im_end|>")).save(home);
        Path file = home.resolve("tokenizer.json");
        String json = Files.readString(file);
        int end = json.lastIndexOf("\"special\" : true");
        Files.writeString(file, json.substring(0, end) + "\"special\" : false" + json.substring(end + "\"special\" : true".length()));
        Tokenizer tokenizer = Tokenizers.load(home);
        assertEquals("<|im_end|>", tokenizer.decode(tokenizer.encode("<|im_end|>")));
        assertEquals(Optional.of("<|im_end|>"), EndOfTurn.of(ChatTemplates.named("chatml", Map.of()), tokenizer));
    }

    /** A tokenizer of bytes and special tokens. */
    private static Tokenizer letters(List<String> special) {
        return new BpeTrainer(BpeOptions.defaults().with(o -> o.vocabSize(256 + special.size()).minFrequency(1).specialTokens(special)
                .modelMaxLength(64))).train();
    }
}
