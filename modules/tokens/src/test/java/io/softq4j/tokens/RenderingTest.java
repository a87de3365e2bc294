package io.softq4j.tokens;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RenderingTest {

    private static Tokenizer tokenizer;
    private static Rendering rendering;

    @BeforeAll
    static void train() {
        BpeTrainer trainer = new BpeTrainer(BpeOptions.defaults().withVocabSize(400));
        Nasty.texts().forEach(trainer::add);
        tokenizer = trainer.train();
        rendering = new Rendering(tokenizer);
    }

    @Test
    void thePromptOfAnExampleIsWhatGenerationStartsFrom() {
        for (String prompt : Nasty.texts()) {
            Example example = rendering.example(prompt, " 72 apples");
            int[] start = rendering.prompt(prompt);
            assertArrayEquals(start, Arrays.copyOf(example.ids(), start.length));
            assertFalse(example.response()[start.length - 1]);
            assertTrue(example.response()[start.length]);
        }
    }

    @Test
    void responseAndEosAreScoredAndThePromptIsNot() {
        Example example = rendering.example("Question: why?\nAnswer:", " because");
        int[] response = IntStream.range(0, example.length()).filter(i -> example.response()[i]).map(i -> example.ids()[i]).toArray();
        assertEquals(tokenizer.eosId(), response[response.length - 1]);
        assertEquals(" because", tokenizer.decode(response));
        assertEquals("Question: why?\nAnswer: because", tokenizer.decode(example.ids()));
        assertEquals(response.length, example.responseTokens());
    }

    @Test
    void anEmptyPromptStartsFromEosWhichIsNotScored() {
        assertArrayEquals(new int[] {tokenizer.eosId()}, rendering.prompt(""));
        Example example = rendering.example("", "a");
        assertEquals(new Example(new int[] {0, tokenizer.idOf("a").orElseThrow(), 0}, new boolean[] {false, true, true}), example);
    }

    @Test
    void aCutExampleIsItsBeginning() {
        Example example = rendering.example("ab", "cd");
        assertEquals(example, example.cut(99));
        assertEquals(new Example(Arrays.copyOf(example.ids(), 3), Arrays.copyOf(example.response(), 3)), example.cut(3));
    }
}
