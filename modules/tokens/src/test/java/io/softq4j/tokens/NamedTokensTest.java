package io.softq4j.tokens;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.softq4j.common.Json;
import io.softq4j.common.UserError;
import io.softq4j.tokens.bpe.BpeOptions;
import io.softq4j.tokens.bpe.BpeTokenizer;
import io.softq4j.tokens.bpe.BpeTrainer;
import io.softq4j.tokens.huggingface.HuggingFaceTokenizer;
import io.softq4j.tokens.huggingface.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which tokens are special, and which ends a text, is what all files of a tokenizer and its model say together. */
class NamedTokensTest {

    @TempDir
    Path home;

    private ObjectNode tree;

    /** Two added tokens of three are not marked special, and {@code the} is a word of the vocabulary. */
    @BeforeEach
    void save() throws IOException {
        BpeTrainer trainer = new BpeTrainer(BpeOptions.defaults().with(o -> o.vocabSize(300)
                .specialTokens(List.of("<|endoftext|>", "<|im_start|>", "<|im_end|>"))));
        trainer.add("the\nthe\nthe the theme that");
        trainer.train().save(home);
        Files.delete(home.resolve("tokenizer_config.json"));
        tree = (ObjectNode) Json.STRICT.readTree(home.resolve("tokenizer.json").toFile());
        ((ObjectNode) tree.at("/added_tokens/1")).put("special", false);
        ((ObjectNode) tree.at("/added_tokens/2")).put("special", false);
        write();
    }

    private void write() throws IOException {
        Files.write(home.resolve("tokenizer.json"), Json.STRICT.writeValueAsBytes(tree));
    }

    private void write(String name, String json) throws IOException {
        Files.writeString(home.resolve(name), json);
    }

    private List<Tokenizer> both() {
        return List.of(Tokenizers.load(home), new HuggingFaceTokenizer(TokenizerFiles.read(home)));
    }

    @Test
    void aTokenThatTheConfigurationNamesIsSpecialWhateverItsFlagSays() throws IOException {
        for (String config : List.of("{\"eos_token\": \"<|im_end|>\", \"bos_token\": {\"content\": \"<|im_start|>\"}}",
                "{\"eos_token\": \"<|endoftext|>\", \"additional_special_tokens\": [\"<|im_end|>\", {\"content\": \"<|im_start|>\"}]}",
                "{\"eos_token\": \"<|endoftext|>\", \"extra_special_tokens\": {\"end\": \"<|im_end|>\", \"start\": \"<|im_start|>\"}}",
                "{\"eos_token\": \"<|endoftext|>\", \"pad_token\": \"<|im_end|>\", \"unk_token\": \"<|im_start|>\"}")) {
            write("tokenizer_config.json", config);
            for (Tokenizer tokenizer : both()) {
                assertEquals("ab", tokenizer.decode(tokenizer.encode("<|im_start|>a<|im_end|>b")), config);
            }
        }
        write("tokenizer_config.json", "{\"eos_token\": \"<|endoftext|>\"}");
        for (Tokenizer tokenizer : both()) {
            assertEquals("<|im_start|>a<|im_end|>b", tokenizer.decode(tokenizer.encode("<|im_start|>a<|im_end|>b")));
        }
    }

    @Test
    void theFlagsOfTheConfigurationStandAboveThoseOfTheTokenizer() throws IOException {
        write("tokenizer_config.json", """
                {"eos_token": "<|endoftext|>", "added_tokens_decoder": {"2": {"content": "<|im_end|>", "special": true, "lstrip": true, "rstrip": false,
                 "normalized": false, "single_word": false}}}""");
        for (Tokenizer tokenizer : both()) {
            assertArrayEquals(tokenizer.encode("a<|im_end|>"), tokenizer.encode("a <|im_end|>"));
            assertEquals("a", tokenizer.decode(tokenizer.encode("a<|im_end|>")));
        }
    }

    @Test
    void aNamedTokenOfTheVocabularyIsFoundInTextAndANewOneIsNumberedBehindAll() throws IOException {
        write("tokenizer_config.json", """
                {"eos_token": "<|endoftext|>", "pad_token": "the", "added_tokens_decoder": {"9": {"content": "<new>", "special": false}}}""");
        int size = tree.at("/model/vocab").size();
        for (Tokenizer tokenizer : both()) {
            int the = tokenizer.idOf("the").orElseThrow();
            assertArrayEquals(new int[] {the, the, size}, tokenizer.encode("thethe<new>"));
            assertEquals("<new>", tokenizer.decode(new int[] {the, size}));
            assertEquals(size + 1, tokenizer.vocabularySize());
        }
    }

    /** The ids are those that transformers 5.24 and 4.57 give to these files. */
    @Test
    void namedTokensThatNoVocabularyHasAreAddedInTheLibrarysOrder() throws IOException {
        write("tokenizer_config.json", """
                {"additional_special_tokens": ["<y>", "<x>"], "pad_token": "<p>", "eos_token": "<|endoftext|>", "bos_token": "<b>", "unk_token": "<u>",
                 "mask_token": "<m>"}""");
        int size = tree.at("/model/vocab").size();
        for (Tokenizer tokenizer : both()) {
            assertArrayEquals(new int[] {size, size + 1, size + 2, size + 3, size + 4, size + 5}, tokenizer.encode("<b><u><p><m><y><x>"));
            assertEquals("", tokenizer.decode(tokenizer.encode("<b><u><p><m><y><x>")));
        }
    }

    @Test
    void anAddedTokenWhoseIdTheLibraryWouldNotGiveItIsRefused() throws IOException {
        write("tokenizer_config.json", "{\"eos_token\": \"<|endoftext|>\"}");
        int size = tree.at("/model/vocab").size();
        ObjectNode token = tree.withArray("added_tokens").addObject().put("content", "<x>").put("special", true).put("single_word", false)
                .put("lstrip", false).put("rstrip", false).put("normalized", false);
        for (String id : List.of("99", "1000000", "2147483648", "-1", "1.5", "null")) {
            token.set("id", Json.STRICT.readTree(id));
            write();
            assertEquals(home.resolve("tokenizer.json") + ": the added token \"<x>\" has id " + id
                    + ", but Hugging Face's library gives it id " + size
                    + ", the next that is free. The file was edited or put together from two tokenizers; save it again from where it was "
                    + "trained", error());
        }
        token.put("id", size);
        tree.withArray("added_tokens").addObject().put("content", "").put("id", 2147483648L).put("special", true).put("single_word", false)
                .put("lstrip", false).put("rstrip", false).put("normalized", false);
        write();
        for (Tokenizer tokenizer : both()) {
            assertArrayEquals(new int[] {size}, tokenizer.encode("<x>"));
        }
    }

    @Test
    void anIdOfTheVocabularyThatNoModelHasIsNamed() throws IOException {
        for (String id : List.of("-5", "2000000000", "2147483648", "1.5", "\"5\"", "null")) {
            ((ObjectNode) tree.at("/model/vocab")).set("theme", Json.STRICT.readTree(id));
            write();
            assertEquals(home.resolve("tokenizer.json") + ": the token \"theme\" of model.vocab has id " + id
                    + "; expected a whole number from 0 to 268435455. "
                    + "The file was edited or is damaged; copy it again", error());
        }
    }

    @Test
    void theEndTokenIsLookedForInEveryFileInTheLibrarysOrder() throws IOException {
        write("config.json", "{\"eos_token_id\": 1, \"unused\": NaN}");
        assertEquals(1, Tokenizers.load(home).eosId());
        write("generation_config.json", "{\"eos_token_id\": [2, 0]}");
        for (Tokenizer tokenizer : both()) {
            assertEquals(2, tokenizer.eosId());
            assertEquals("a<|im_start|>", tokenizer.decode(tokenizer.encode("a<|im_start|><|im_end|>")));
        }
        write("special_tokens_map.json", "{\"eos_token\": {\"content\": \"<|endoftext|>\"}, \"bos_token\": \"<|im_start|>\"}");
        for (Tokenizer tokenizer : both()) {
            assertEquals(0, tokenizer.eosId());
            assertEquals(Map.of("eos_token", "<|endoftext|>", "bos_token", "<|im_start|>"), tokenizer.specialTokens());
        }
        write("tokenizer_config.json", "{\"bos_token\": null, \"eos_token\": \"<|endoftext|>\"}");
        assertEquals("<|im_start|>", Tokenizers.load(home).specialTokens().get("bos_token"));
    }

    @Test
    void withoutAnyFileThePostProcessorSaysWhatEndsAText() throws IOException {
        tree.set("post_processor", Json.STRICT.readTree("""
                {"type": "TemplateProcessing", "single": [{"Sequence": {"id": "A", "type_id": 0}}, {"SpecialToken": {"id": "<|im_end|>", "type_id": 0}}],
                 "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
                 "special_tokens": {"<|im_end|>": {"id": "<|im_end|>", "ids": [2], "tokens": ["<|im_end|>"]}}}"""));
        write();
        for (Tokenizer tokenizer : both()) {
            assertEquals(2, tokenizer.eosId());
            assertFalse(tokenizer.bosId().isPresent());
        }
    }

    @Test
    void twoFilesThatContradictEachOtherAreAnErrorThatShowsBoth() throws IOException {
        write("tokenizer_config.json", "{\"eos_token\": \"<|im_end|>\"}");
        write("special_tokens_map.json", "{\"eos_token\": {\"content\": \"<|endoftext|>\"}}");
        assertEquals("eos_token is \"<|im_end|>\" in " + home.resolve("tokenizer_config.json") + ", but \"<|endoftext|>\" in "
                + home.resolve("special_tokens_map.json")
                + ". Which of them the library takes depends on its version; make both the same, or delete one", error());
        Files.delete(home.resolve("special_tokens_map.json"));
        write("tokenizer_config.json", "{\"eos_token\": \"<|im_end|>\", \"added_tokens_decoder\": {\"1\": {\"content\": \"<|im_end|>\", "
                + "\"special\": true}}}");
        assertEquals("the token \"<|im_end|>\" has id 1 in added_tokens_decoder of " + home.resolve("tokenizer_config.json")
                + ", but id 2 in "
                + home.resolve("tokenizer.json") + ". The files belong to two tokenizers; copy both again from one", error());
        write("tokenizer_config.json", "{\"eos_token\": \"<|im_end|>\"}");
        write("generation_config.json", "{\"eos_token_id\": [0, 1]}");
        assertEquals(home.resolve("tokenizer_config.json") + ": eos_token is \"<|im_end|>\", which is id 2, but "
                + home.resolve("generation_config.json")
                + ": eos_token_id is [0, 1]. A model would be trained to end with one and generate until the other. Add 2 to "
                + "eos_token_id, or correct eos_token",
                error());
        write("generation_config.json", "{\"eos_token_id\": [0, 2]}");
        assertEquals(2, Tokenizers.load(home).eosId());
        Files.delete(home.resolve("tokenizer_config.json"));
        write("generation_config.json", "{\"eos_token_id\": 99999}");
        assertEquals(home.resolve("generation_config.json") + ": eos_token_id 99999 is not in the vocabulary of "
                + home.resolve("tokenizer.json")
                + ". The files belong to two models; copy the tokenizer again", error());
    }

    private String error() {
        return assertThrows(UserError.class, () -> Tokenizers.load(home)).getMessage();
    }

    @Test
    void aCopyEndsATextAsTheOriginalDoesWhereverThatWasSaid() throws IOException {
        for (String name : List.of("config.json", "generation_config.json")) {
            write(name, "{\"eos_token_id\": " + (name.length() == 11 ? "1}" : "[2, 0]}"));
            int eos = Tokenizers.load(home).eosId();
            Path copy = Files.createDirectory(home.resolve("copy of " + name));
            Tokenizers.load(home).save(copy);
            assertEquals(eos, Tokenizers.load(copy).eosId());
            assertEquals(name.length() == 11 ? 1 : 2, eos);
            assertFalse(Files.exists(copy.resolve("config.json")));
            assertArrayEquals(Files.readAllBytes(home.resolve("tokenizer.json")), Files.readAllBytes(copy.resolve("tokenizer.json")));
        }
    }

    @Test
    void bpeDropoutIsOffAndTheFileKeepsIt() throws IOException {
        write("tokenizer_config.json", "{\"eos_token\": \"<|endoftext|>\"}");
        int[] ids = Tokenizers.load(home).encode("the theme that the");
        ((ObjectNode) tree.get("model")).put("dropout", 0.9);
        write();
        assertInstanceOf(BpeTokenizer.class, Tokenizers.load(home));
        for (Tokenizer tokenizer : both()) {
            List<int[]> again = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                again.add(tokenizer.encode("the theme that the"));
            }
            again.forEach(each -> assertArrayEquals(ids, each));
        }
        Path copy = Files.createDirectory(home.resolve("copy"));
        Tokenizers.load(home).save(copy);
        assertEquals(0.9, Json.STRICT.readTree(copy.resolve("tokenizer.json").toFile()).at("/model/dropout").asDouble());
    }

    private String refused(String name, String json) throws IOException {
        write(name, json);
        String message = assertThrows(UserError.class, () -> Tokenizers.load(home)).getMessage();
        assertEquals(message, assertThrows(UserError.class, () -> new HuggingFaceTokenizer(TokenizerFiles.read(home))).getMessage());
        Files.delete(home.resolve(name));
        return message;
    }

    @Test
    void whatIsNoTokenAndNoIdIsNamedWithTheFile() throws IOException {
        assertEquals(home.resolve("tokenizer_config.json") + ": eos_token is 5; expected the token's text, such as \"</s>\", or an object "
                + "with it as content. "
                + "An id stands in generation_config.json (eos_token_id)", refused("tokenizer_config.json", "{\"eos_token\": 5}"));
        for (String node : List.of("true", "[\"</s>\"]", "{\"text\": \"</s>\"}")) {
            assertTrue(refused("special_tokens_map.json", "{\"pad_token\": " + node + "}")
                    .contains("special_tokens_map.json: pad_token is "), node);
        }
        assertTrue(refused("generation_config.json", "{\"eos_token_id\": -1}").endsWith("eos_token_id is -1; expected the id of a token, "
                + "at least 0. Where -1 was "
                + "meant as none, delete the key"));
        write("tokenizer_config.json", "{\"eos_token\": \"<|im_end|>\"}");
        assertTrue(refused("generation_config.json", "{\"eos_token_id\": [0, -1]}").endsWith("eos_token_id is [0, -1]; expected the id of "
                + "a token, at least 0. "
                + "Where -1 was meant as none, delete the key, or put 2, the id of eos_token \"<|im_end|>\""));
        for (String decoder : List.of("{\"two\": {\"content\": \"x\"}}", "{\"2\": \"x\"}", "{\"2\": {\"special\": true}}", "[1]")) {
            assertTrue(refused("tokenizer_config.json", "{\"added_tokens_decoder\": " + decoder + "}")
                    .contains("tokenizer_config.json: added_tokens_decoder "), decoder);
        }
    }

    @Test
    void addedTokensOfOlderVersionsAreReadWhereNoDecoderStands() throws IOException {
        write("tokenizer_config.json", "{\"eos_token\": \"<|endoftext|>\", \"pad_token\": \"<pad>\"}");
        int next = Tokenizers.load(home).vocabularySize() - 1;    // <pad> was added
        write("added_tokens.json", "{\"<tool>\": " + (next + 1) + ", \"<pad>\": " + next + ", \"<|im_end|>\": 2}");
        for (Tokenizer tokenizer : both()) {
            assertArrayEquals(new int[] {next + 1, next, 2}, tokenizer.encode("<tool><pad><|im_end|>"));
            assertEquals("<tool><|im_end|>", tokenizer.decode(new int[] {next + 1, next, 2}));
        }
        assertTrue(refused("added_tokens.json", "{\"<|im_end|>\": 7}").startsWith("the token \"<|im_end|>\" has id 7 in "
                + home.resolve("added_tokens.json")
                + ", but id 2 in "));
        assertTrue(refused("added_tokens.json", "{\"<tool>\": \"7\"}").contains("added_tokens.json: the token \"<tool>\" has id \"7\"; "
                + "expected a whole"));
        write("added_tokens.json", "{\"<tool>\": " + next + "}");
        write("tokenizer_config.json", "{\"eos_token\": \"<|endoftext|>\", \"added_tokens_decoder\": {}}");
        assertEquals(-1, Tokenizers.load(home).idOf("<tool>").orElse(-1));
    }
}
