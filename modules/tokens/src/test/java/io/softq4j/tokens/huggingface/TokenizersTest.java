package io.softq4j.tokens.huggingface;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.common.UserError;
import io.softq4j.tokens.Nasty;
import io.softq4j.tokens.Rendering;
import io.softq4j.tokens.Tokenizer;
import io.softq4j.tokens.TokenizerFiles;
import io.softq4j.tokens.bpe.BpeOptions;
import io.softq4j.tokens.bpe.BpeTokenizer;
import io.softq4j.tokens.bpe.BpeTrainer;
import io.softq4j.tokens.bpe.ByteLevel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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
        BpeTrainer trainer = new BpeTrainer(BpeOptions.defaults().with(o -> o.vocabSize(1500)));
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
    void whatLayBesideTheFileIsWrittenBackToo() throws IOException {
        Files.writeString(home.resolve("chat_template.jinja"), "{% for m in messages %}\r\n{{ m.content }}é{% endfor %}");
        Files.writeString(home.resolve("special_tokens_map.json"), "{ \"eos_token\":\"<|endoftext|>\"}");
        Files.writeString(home.resolve("added_tokens.json"), "{}\n\n");
        Files.writeString(home.resolve("README.md"), "not ours");
        Path copy = Files.createDirectory(home.resolve("copy"));
        Tokenizers.load(home).save(copy);
        for (String name : List.of("tokenizer.json", "tokenizer_config.json", "chat_template.jinja", "special_tokens_map.json",
                "added_tokens.json")) {
            assertArrayEquals(Files.readAllBytes(home.resolve(name)), Files.readAllBytes(copy.resolve(name)), name);
        }
        assertFalse(Files.exists(copy.resolve("README.md")));
    }

    @Test
    void theChatTemplateIsTheFilesOwnElseTheConfigurations() throws IOException {
        assertEquals(Optional.empty(), Tokenizers.load(home).chatTemplate());
        Path config = home.resolve("tokenizer_config.json");
        Files.writeString(config, "{\"eos_token\": \"<|endoftext|>\", \"chat_template\": \"{{ a }}\"}");
        assertEquals(Optional.of("{{ a }}"), Tokenizers.load(home).chatTemplate());
        Files.writeString(config, """
                {"eos_token": "<|endoftext|>", "chat_template": [{"name": "tool_use", "template": "t"}, {"name": "default", "template": "d"}]}""");
        assertEquals(Optional.of("d"), Tokenizers.load(home).chatTemplate());
        Files.writeString(home.resolve("chat_template.jinja"), "{{ file }}\n");
        assertEquals(Optional.of("{{ file }}\n"), Tokenizers.load(home).chatTemplate());
    }

    @Test
    void specialTokensAreTheStringsOfTheConfiguration() throws IOException {
        assertEquals(Map.of("eos_token", "<|endoftext|>", "pad_token", "<|endoftext|>"), trained.specialTokens());
        Files.writeString(home.resolve("tokenizer_config.json"), """
                {"add_bos_token": false, "bos_token": {"content": "<|endoftext|>", "lstrip": false}, "eos_token": "<|endoftext|>", "unk_token": null,
                 "additional_special_tokens": ["x"]}""");
        for (Tokenizer tokenizer : List.of(Tokenizers.load(home), new HuggingFaceTokenizer(TokenizerFiles.read(home)))) {
            assertEquals(Map.of("bos_token", "<|endoftext|>", "eos_token", "<|endoftext|>"), tokenizer.specialTokens());
            assertEquals(OptionalInt.empty(), tokenizer.bosId());
        }
        Files.delete(home.resolve("tokenizer_config.json"));
        assertEquals(Map.of(), Tokenizers.load(home).specialTokens());
    }

    /** As transformers 5.24 does it: it takes add_bos_token out of the configuration where there is a tokenizer.json. */
    @Test
    void bosIsWhatThePostProcessorPutsWhateverAddBosTokenSays() throws IOException {
        assertEquals(OptionalInt.empty(), trained.bosId());
        Path config = home.resolve("tokenizer_config.json");
        for (String add : List.of("true", "false", "null")) {
            Files.writeString(config, "{\"add_bos_token\": " + add + ", \"bos_token\": \"<|endoftext|>\", \"eos_token\": "
                    + "\"<|endoftext|>\"}");
            assertEquals(OptionalInt.empty(), Tokenizers.load(home).bosId());
            assertArrayEquals(trained.encode("a"), new Rendering(Tokenizers.load(home)).prompt("a"));
        }
        Files.writeString(config, "{\"add_bos_token\": false, \"bos_token\": \"<|endoftext|>\", \"eos_token\": \"<|endoftext|>\"}");
        edit("\"post_processor\" : null", """
                "post_processor" : {"type": "Sequence", "processors": [{"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": false},
                 {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "<|endoftext|>", "type_id": 0}},
                 {"Sequence": {"id": "A", "type_id": 0}}], "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 0}}],
                 "special_tokens": {"<|endoftext|>": {"id": "<|endoftext|>", "ids": [0], "tokens": ["<|endoftext|>"]}}}]}""");
        assertInstanceOf(BpeTokenizer.class, Tokenizers.load(home));
        for (Tokenizer tokenizer : List.of(Tokenizers.load(home), new HuggingFaceTokenizer(TokenizerFiles.read(home)))) {
            assertEquals(OptionalInt.of(0), tokenizer.bosId());
        }
    }

    @Test
    void aTokenIsShownAsPeopleReadIt() {
        for (Tokenizer tokenizer : List.of(trained, new HuggingFaceTokenizer(TokenizerFiles.read(home)))) {
            assertEquals(List.of("<|endoftext|>", " the", "\n", "<0xE2>", "a"), Stream.of("<|endoftext|>", "Ġthe", "Ċ", "â", "a")
                    .map(token -> tokenizer.tokenText(tokenizer.idOf(token).orElseThrow())).toList());
        }
        assertEquals("é<0xF0><0x9F>x\uFFFD<0xED><0xA0><0x80>", ByteLevel.readable(new byte[] {(byte) 0xC3, (byte) 0xA9, (byte) 0xF0,
                (byte) 0x9F, 'x',
            (byte) 0xEF, (byte) 0xBF, (byte) 0xBD, (byte) 0xED, (byte) 0xA0, (byte) 0x80}));
    }

    @Test
    void theLibraryGivesEveryThreadItsOwnIds() {
        Tokenizer theirs = new HuggingFaceTokenizer(TokenizerFiles.read(home));
        List<String> texts = Nasty.texts();
        IntStream.range(0, 2 * texts.size()).parallel().forEach(i ->
                assertArrayEquals(trained.encode(texts.get(i % texts.size())), theirs.encode(texts.get(i % texts.size()))));
    }

    @Test
    void specialTokensAndCutsThatTheFileAsksForAreLeftOut() throws IOException {
        edit("\"post_processor\" : null", """
                "post_processor" : {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "<|endoftext|>", "type_id": 0}},
                 {"Sequence": {"id": "A", "type_id": 0}}], "pair": [{"Sequence": {"id": "A", "type_id": 0}}],
                 "special_tokens": {"<|endoftext|>": {"id": "<|endoftext|>", "ids": [0], "tokens": ["<|endoftext|>"]}}}""");
        edit("\"truncation\" : null", """
                "truncation" : {"direction": "Right", "max_length": 3, "strategy": "LongestFirst", "stride": 0}""");
        edit("\"padding\" : null", """
                "padding" : {"strategy": {"Fixed": 64}, "direction": "Right", "pad_to_multiple_of": null, "pad_id": 0, "pad_type_id": 0,
                 "pad_token": "<|endoftext|>"}""");
        String text = "a text of more than three tokens 😀";
        for (Tokenizer other : List.of(Tokenizers.load(home), new HuggingFaceTokenizer(TokenizerFiles.read(home)))) {
            assertArrayEquals(trained.encode(text), other.encode(text));
            assertEquals(text, other.decode(other.encode(text)));
        }
        assertInstanceOf(BpeTokenizer.class, Tokenizers.load(home));
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
        assertEquals(home.resolve("tokenizer_config.json") + ": eos_token \"<|stop|>\" is not in the vocabulary of "
                + home.resolve("tokenizer.json"),
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
            assertThrows(IllegalArgumentException.class, () -> tokenizer.tokenText(trained.vocabularySize()));
        }
    }

    private void edit(String what, String by) throws IOException {
        Path json = home.resolve("tokenizer.json");
        String before = Files.readString(json);
        assertTrue(before.contains(what), what);
        Files.writeString(json, before.replace(what, by));
    }
}
