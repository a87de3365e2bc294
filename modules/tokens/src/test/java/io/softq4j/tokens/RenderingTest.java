package io.softq4j.tokens;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.softq4j.common.Json;
import io.softq4j.tokens.bpe.BpeOptions;
import io.softq4j.tokens.bpe.BpeTrainer;
import io.softq4j.tokens.huggingface.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RenderingTest {

    @TempDir
    Path home;

    private static Tokenizer tokenizer;
    private static Rendering rendering;

    @BeforeAll
    static void train() {
        BpeTrainer trainer = new BpeTrainer(BpeOptions.defaults().with(o -> o.vocabSize(400)));
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

    @Test
    void eachSegmentIsEncodedApartAndScoredAsItSays() {
        Example example = rendering.example(List.of(new Segment("user: why?\n", false), new Segment("because", true),
                new Segment("", false),
                new Segment("\nuser: so?\n", false), new Segment("so", true)), false);
        assertEquals("user: why?\nbecause\nuser: so?\nso", tokenizer.decode(example.ids()));
        int[] scored = IntStream.range(0, example.length()).filter(i -> example.response()[i]).map(i -> example.ids()[i]).toArray();
        assertEquals("becauseso", tokenizer.decode(scored));
        assertTrue(example.response()[example.length() - 1]);

        Example ended = rendering.example(List.of(new Segment("a", false), new Segment("b", true)), true);
        assertEquals(rendering.example("a", "b"), ended);
        assertEquals(tokenizer.eosId(), ended.ids()[ended.length() - 1]);
        assertTrue(ended.response()[ended.length() - 1]);
    }

    @Test
    void withoutAContextEosStandsInItsPlace() {
        assertEquals(rendering.example("", "a"), rendering.example(List.of(new Segment("a", true)), true));
        assertEquals(new Example(new int[] {0}, new boolean[] {false}), rendering.example(List.of(), false));
        assertEquals(new Example(new int[] {0, 0}, new boolean[] {false, true}), rendering.example(List.of(), true));
    }

    @Test
    void bosStandsOnceInFrontOfATextAndIsNeverScored() throws IOException {
        Tokenizer withBos = withBos();
        int bos = withBos.bosId().orElseThrow();
        Rendering plain = new Rendering(withBos);
        int[] a = withBos.encode("a");
        assertArrayEquals(new int[] {bos, a[0]}, plain.prompt("a"));
        assertArrayEquals(new int[] {bos, a[0]}, plain.prompt("<s>a"));
        assertArrayEquals(new int[] {bos}, plain.prompt(""));
        assertEquals(new Example(new int[] {bos, a[0], withBos.eosId()}, new boolean[] {false, true, true}), plain.example("", "a"));
        assertEquals(plain.example("", "a"), plain.example(List.of(new Segment("<s>a", true)), true));
    }

    @Test
    void whatAChatTemplateWroteGetsNoBosOfOurs() throws IOException {
        Tokenizer withBos = withBos();
        int bos = withBos.bosId().orElseThrow();
        Rendering chat = Rendering.ofChat(withBos);
        int[] a = withBos.encode("a");
        assertArrayEquals(a, chat.prompt("a"));
        assertArrayEquals(new int[] {bos, a[0]}, chat.prompt("<s>a"));
        assertArrayEquals(new int[] {bos}, chat.prompt(""));
        assertEquals(new Example(new int[] {bos, a[0]}, new boolean[] {false, true}), chat.example(List.of(new Segment("a", true)), false));
    }

    private Tokenizer withBos() throws IOException {
        BpeTrainer trainer = new BpeTrainer(BpeOptions.defaults().with(o -> o.specialTokens(List.of("</s>", "<s>")).vocabSize(300)));
        trainer.train().save(home);
        Files.writeString(home.resolve(TokenizerFiles.CONFIG), "{\"bos_token\": \"<s>\", \"eos_token\": \"</s>\"}");
        ObjectNode tree = (ObjectNode) Json.STRICT.readTree(Files.readAllBytes(home.resolve(TokenizerFiles.JSON)));
        tree.set("post_processor", Json.STRICT.readTree("""
                {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
                 "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 0}}],
                 "special_tokens": {"<s>": {"id": "<s>", "ids": [1], "tokens": ["<s>"]}}}"""));
        Files.write(home.resolve(TokenizerFiles.JSON), Json.STRICT.writeValueAsBytes(tree));
        return Tokenizers.load(home);
    }
}
