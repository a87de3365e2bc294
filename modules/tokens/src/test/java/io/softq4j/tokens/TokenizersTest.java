package io.softq4j.tokens;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.common.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizersTest {

    private static BpeTokenizer trained;

    @TempDir
    Path home;

    @BeforeAll
    static void train() {
        BpeTrainer trainer = new BpeTrainer(BpeOptions.defaults().withVocabSize(1500));
        Nasty.texts().forEach(trainer::add);
        trained = trainer.train();
    }

    @BeforeEach
    void save() {
        trained.save(home);
    }

    @Test
    void oursAndHuggingFaceGiveTheSameIdsAndTheSameText() {
        Tokenizer ours = Tokenizers.load(home);
        Tokenizer theirs = new HuggingFaceTokenizer(TokenizerFiles.read(home));
        assertInstanceOf(BpeTokenizer.class, ours);
        for (String text : Nasty.texts()) {
            int[] ids = theirs.encode(text);
            assertArrayEquals(ids, ours.encode(text), text);
            assertEquals(theirs.decode(ids), ours.decode(ids));
            assertEquals(text.replace("<|endoftext|>", ""), ours.decode(ids));
        }
        assertEquals(theirs.vocabularySize(), ours.vocabularySize());
        assertEquals(theirs.eosId(), ours.eosId());
        assertEquals(theirs.idOf("Ġthe"), ours.idOf("Ġthe"));
    }

    @Test
    void halfACharacterIsTheReplacementCharacterInBoth() {
        Tokenizer theirs = new HuggingFaceTokenizer(TokenizerFiles.read(home));
        for (int id = 1; id < trained.vocabularySize(); id++) {
            int[] ids = {id, id, 65};
            assertEquals(theirs.decode(ids), trained.decode(ids));
        }
    }

    @Test
    void theCacheChangesNothingWhoeverAsks() {
        List<String> texts = Nasty.texts();
        List<int[]> alone = texts.stream().map(trained::encode).toList();
        Tokenizer fresh = Tokenizers.load(home);
        IntStream.range(0, 4 * texts.size()).parallel().forEach(i ->
                assertArrayEquals(alone.get(i % texts.size()), fresh.encode(texts.get(i % texts.size()))));
    }

    @Test
    void whatWasLoadedIsWrittenBackAsItWas() throws IOException {
        String config = "{\"eos_token\": {\"content\": \"<|endoftext|>\"},   \"chat_template\": \"{{ x }}\"}";
        Files.writeString(home.resolve("tokenizer_config.json"), config);
        Path copy = Files.createDirectory(home.resolve("copy"));
        Tokenizers.load(home.resolve("tokenizer.json")).save(copy);
        assertEquals(config, Files.readString(copy.resolve("tokenizer_config.json")));
        assertArrayEquals(Files.readAllBytes(home.resolve("tokenizer.json")), Files.readAllBytes(copy.resolve("tokenizer.json")));
    }

    @Test
    void anyOtherShapeGoesToHuggingFaceWithoutItsSpecialTokensAndCuts() throws IOException {
        edit("\"post_processor\" : null", """
                "post_processor" : {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "<|endoftext|>", "type_id": 0}},
                 {"Sequence": {"id": "A", "type_id": 0}}], "pair": [{"Sequence": {"id": "A", "type_id": 0}}],
                 "special_tokens": {"<|endoftext|>": {"id": "<|endoftext|>", "ids": [0], "tokens": ["<|endoftext|>"]}}}""");
        edit("\"truncation\" : null", """
                "truncation" : {"direction": "Right", "max_length": 3, "strategy": "LongestFirst", "stride": 0}""");
        edit("\"padding\" : null", """
                "padding" : {"strategy": {"Fixed": 64}, "direction": "Right", "pad_to_multiple_of": null, "pad_id": 0, "pad_type_id": 0,
                 "pad_token": "<|endoftext|>"}""");
        Tokenizer other = Tokenizers.load(home);
        assertInstanceOf(HuggingFaceTokenizer.class, other);
        String text = "a text of more than three tokens 😀";
        assertArrayEquals(trained.encode(text), other.encode(text));
        assertEquals(text, other.decode(other.encode(text)));
    }

    @Test
    void aUnigramModelIsReadToo() throws IOException {
        Files.delete(home.resolve("tokenizer_config.json"));
        Files.writeString(home.resolve("tokenizer.json"), """
                {"version": "1.0", "truncation": null, "padding": null, "normalizer": null, "pre_tokenizer": null,
                        "post_processor": null, "decoder": null,
                 "added_tokens": [{"id": 4, "content": "</s>", "single_word": false, "lstrip": false, "rstrip": false, "normalized": false,
                                   "special": true}],
                 "model": {"type": "Unigram", "unk_id": 0, "vocab": [["<unk>", 0.0], ["a", -2.0], ["b", -2.0], ["ab", -1.0]],
                 "byte_fallback": false}}""");
        Tokenizer unigram = Tokenizers.load(home);
        assertArrayEquals(new int[] {3, 1, 4, 0}, unigram.encode("aba</s>x"));
        assertEquals(5, unigram.vocabularySize());
        assertEquals(4, unigram.eosId());
        assertEquals(3, unigram.idOf("ab").orElseThrow());
        assertTrue(unigram.idOf("abc").isEmpty());
    }

    @Test
    void withoutAnEosTokenInTheConfigurationTheOnlyUsualNameIsTaken() throws IOException {
        Files.delete(home.resolve("tokenizer_config.json"));
        assertEquals(0, Tokenizers.load(home).eosId());
    }

    @Test
    void aTokenizerThatDoesNotSayHowATextEndsIsRefused() throws IOException {
        edit("<|endoftext|>", "<|cut|>");
        Files.writeString(home.resolve("tokenizer_config.json"), "{\"model_max_length\": 8}");
        UserError error = assertThrows(UserError.class, () -> Tokenizers.load(home));
        assertTrue(error.getMessage().startsWith(home.resolve("tokenizer.json") + " does not say which token ends a text (EOS): "
                + home.resolve("tokenizer_config.json") + " has no eos_token and none of the usual names [<|endoftext|>, </s>, "),
                error.getMessage());

        Files.writeString(home.resolve("tokenizer_config.json"), "{\"eos_token\": \"<|stop|>\"}");
        error = assertThrows(UserError.class, () -> Tokenizers.load(home));
        assertEquals(home.resolve("tokenizer_config.json") + ": eos_token \"<|stop|>\" is not in the vocabulary of " + home.resolve("tokenizer.json"),
                error.getMessage());
    }

    @Test
    void aMissingOrBrokenFileIsNamed() throws IOException {
        Path nowhere = home.resolve("nowhere.json");
        assertEquals("no tokenizer at " + nowhere + ": expected a tokenizer.json in Hugging Face's format, or a directory that holds one",
                assertThrows(UserError.class, () -> Tokenizers.load(nowhere)).getMessage());

        Path json = home.resolve("tokenizer.json");
        String whole = Files.readString(json);
        Files.writeString(json, whole.substring(0, whole.length() / 2));
        String message = assertThrows(UserError.class, () -> Tokenizers.load(home)).getMessage();
        assertTrue(message.startsWith(json + " is not JSON: ") && message.contains(" at line "), message);

        Files.writeString(json, whole.replaceFirst("\"merges\" : \\[\\s+\"", "\"merges\" : [ \"nonsense "));
        message = assertThrows(UserError.class, () -> Tokenizers.load(home)).getMessage();
        assertTrue(message.startsWith(json + ": merge 0 is \"nonsense "), message);

        Files.writeString(json, """
                {"model": {"type": "Nothing", "vocab": {"</s>": 0}}, "added_tokens": [{"id": 0, "content": "</s>"}]}""");
        Files.delete(home.resolve("tokenizer_config.json"));
        message = assertThrows(UserError.class, () -> Tokenizers.load(home)).getMessage();
        assertTrue(message.startsWith("Hugging Face's tokenizers library refuses " + json), message);
    }

    @Test
    void aLoneSurrogateIsRefusedByName() {
        for (Tokenizer tokenizer : List.of(trained, new HuggingFaceTokenizer(TokenizerFiles.read(home)))) {
            UserError error = assertThrows(UserError.class, () -> tokenizer.encode("ab\ud83dc"));
            assertTrue(error.getMessage().startsWith("text is not Unicode: lone surrogate U+D83D at character 2."), error.getMessage());
            assertThrows(UserError.class, () -> tokenizer.encode("\ude00"));
        }
    }

    @Test
    void anIdOutsideTheVocabularyIsAnError() {
        for (Tokenizer tokenizer : List.of(trained, new HuggingFaceTokenizer(TokenizerFiles.read(home)))) {
            assertThrows(IllegalArgumentException.class, () -> tokenizer.decode(new int[] {trained.vocabularySize()}));
            assertThrows(IllegalArgumentException.class, () -> tokenizer.decode(new int[] {-1}));
        }
    }

    private void edit(String what, String by) throws IOException {
        Path json = home.resolve("tokenizer.json");
        String before = Files.readString(json);
        assertTrue(before.contains(what), what);
        Files.writeString(json, before.replace(what, by));
    }
}
