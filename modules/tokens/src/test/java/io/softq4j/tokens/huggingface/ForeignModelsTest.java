package io.softq4j.tokens.huggingface;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.softq4j.common.Json;
import io.softq4j.common.UserError;
import io.softq4j.tokens.Example;
import io.softq4j.tokens.Nasty;
import io.softq4j.tokens.Rendering;
import io.softq4j.tokens.Tokenizer;
import io.softq4j.tokens.TokenizerFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Small models of the kinds that are not byte-level BPE. */
class ForeignModelsTest {

    private static final List<String> WORDS = List.of("\u2581", "a", "b", "c", "e", "s", "u", "\u2581a", "\u2581be", "be", "au", "cau",
            "se", "cause", "\u2581because",
            "because", ".", ":", "7", "2", "\u25817", "72");

    @TempDir
    Path home;

    @Test
    void aUnigramWithMetaspaceGivesTextBack() throws IOException {
        Tokenizer tokenizer = unigram("always");
        assertInstanceOf(HuggingFaceTokenizer.class, tokenizer);
        for (String text : List.of("because", "a be\nbe", "😀 é", "a  b", "\r\n", "NUL \u0000")) {
            assertEquals(text, tokenizer.decode(tokenizer.encode(text)));
        }
        assertArrayEquals(tokenizer.encode("because"), tokenizer.encode(" because"), "the space in front is put there only where there "
                + "is none");
        assertEquals(2, tokenizer.eosId());
        assertEquals(OptionalInt.of(1), tokenizer.bosId());
        assertEquals(List.of("<s>", " because", "\n", "<0xE2>", "because"), List.of("<s>", "\u2581because", "<0x0A>", "<0xE2>", "because")
                .stream()
                .map(token -> tokenizer.tokenText(tokenizer.idOf(token).orElseThrow())).toList());
    }

    @Test
    void apartOrTogetherTheIdsAreTheSameWhereASpaceIsPutInFront() throws IOException {
        for (Tokenizer tokenizer : List.of(unigram("always"), unigram("first"), llama2())) {
            for (List<String> text : List.of(List.of("a:", " because"), List.of("a:", "because"), List.of("a:\n", "because\n\n"),
                    List.of("because.", "\n72"), List.of("7", " 72"), List.of("a", "\u00e9"))) {
                int[] first = tokenizer.encode(text.get(0));
                int[] then = tokenizer.encodeAfter(text.get(0), first, text.get(1)).ids();
                int[] whole = tokenizer.encode(text.get(0) + text.get(1));
                assertArrayEquals(whole, IntStream.concat(Arrays.stream(first), Arrays.stream(then)).toArray(), text.toString());
                Example example = new Rendering(tokenizer).example(text.get(0), text.get(1));
                assertEquals(text.get(0) + text.get(1), tokenizer.decode(example.ids()));
            }
            assertArrayEquals(new int[0], tokenizer.encodeAfter("a", tokenizer.encode("a"), "").ids());
        }
    }

    @Test
    void whereNoSpaceIsPutInFrontAContinuationIsEncodedAsItIs() throws IOException {
        for (Tokenizer tokenizer : List.of(unigram("never"), bert())) {
            assertArrayEquals(tokenizer.encode("because"), tokenizer.encodeAfter("a.", tokenizer.encode("a."), "because").ids());
        }
    }

    @Test
    void aLlama2FileGivesTextBackByteForByte() throws IOException {
        Tokenizer tokenizer = llama2();
        for (String text : Nasty.texts()) {
            if (text.length() < 1000 && !text.contains("</s>")) {
                assertEquals(text, tokenizer.decode(tokenizer.encode(text)));
            }
        }
        assertEquals(OptionalInt.of(1), tokenizer.bosId());
        assertEquals(List.of(" because", "<0xF0>", "<0x9F>", "<0x98>", "<0x80>"), Arrays.stream(tokenizer.encode("because😀"))
                .mapToObj(tokenizer::tokenText).toList());
    }

    @Test
    void aBertFileLoads() throws IOException {
        Tokenizer tokenizer = bert();
        assertEquals(List.of("be", "##cause"), Arrays.stream(tokenizer.encode("Because")).mapToObj(tokenizer::tokenText).toList());
        assertEquals("because be", tokenizer.decode(tokenizer.encode("because  be")));
        assertEquals(OptionalInt.of(2), tokenizer.bosId());
        assertEquals(3, tokenizer.eosId());
    }

    @Test
    void twoTokensInFrontOfATextAreRefused() throws IOException {
        bert();
        String json = Files.readString(home.resolve(TokenizerFiles.JSON));
        Files.writeString(home.resolve(TokenizerFiles.JSON), json.replace("\"ids\":[2]", "\"ids\":[2,3]"));
        UserError error = assertThrows(UserError.class, () -> Tokenizers.load(home));
        assertTrue(error.getMessage().startsWith(home.resolve(TokenizerFiles.JSON) + ": post_processor puts the tokens [2, 3] in front "
                + "of a text"),
                error.getMessage());
    }

    private Tokenizer unigram(String scheme) throws IOException {
        ObjectNode tree = base("<s>", "</s>");
        tree.putObject("pre_tokenizer").put("type", "Metaspace").put("replacement", "\u2581").put("prepend_scheme", scheme).put("split",
                true);
        ArrayNode decoders = tree.putObject("decoder").put("type", "Sequence").putArray("decoders");
        decoders.addObject().put("type", "ByteFallback");
        decoders.addObject().put("type", "Metaspace").put("replacement", "\u2581").put("prepend_scheme", scheme).put("split", true);
        ObjectNode model = tree.putObject("model").put("type", "Unigram").put("unk_id", 0).put("byte_fallback", true);
        ArrayNode vocab = model.putArray("vocab");
        for (String token : vocabulary()) {
            vocab.addArray().add(token).add(token.startsWith("<") ? -20.0 : -10.0 - 1.0 / token.length());
        }
        return load(tree);
    }

    private Tokenizer llama2() throws IOException {
        ObjectNode tree = base("<s>", "</s>");
        ArrayNode normalizers = tree.putObject("normalizer").put("type", "Sequence").putArray("normalizers");
        normalizers.addObject().put("type", "Prepend").put("prepend", "\u2581");
        normalizers.addObject().put("type", "Replace").put("content", "\u2581").putObject("pattern").put("String", " ");
        ArrayNode decoders = tree.putObject("decoder").put("type", "Sequence").putArray("decoders");
        decoders.addObject().put("type", "Replace").put("content", " ").putObject("pattern").put("String", "\u2581");
        decoders.addObject().put("type", "ByteFallback");
        decoders.addObject().put("type", "Fuse");
        decoders.addObject().put("type", "Strip").put("content", " ").put("start", 1).put("stop", 0);
        ObjectNode model = tree.putObject("model").put("type", "BPE").put("unk_token", "<unk>").put("fuse_unk", true).put("byte_fallback",
                true);
        ObjectNode vocab = model.putObject("vocab");
        vocabulary().forEach(token -> vocab.put(token, vocab.size()));
        ArrayNode merges = model.putArray("merges");
        List.of("a u", "c au", "s e", "cau se", "b e", "be cause", "\u2581 because", "7 2", "\u2581 7").forEach(merges::add);
        return load(tree);
    }

    private Tokenizer bert() throws IOException {
        ObjectNode tree = base("[CLS]", "[SEP]");
        tree.putObject("normalizer").put("type", "BertNormalizer").put("clean_text", true).put("handle_chinese_chars", true)
                .putNull("strip_accents").put("lowercase", true);
        tree.putObject("pre_tokenizer").put("type", "BertPreTokenizer");
        tree.putObject("decoder").put("type", "WordPiece").put("prefix", "##").put("cleanup", true);
        ObjectNode model = tree.putObject("model").put("type", "WordPiece").put("unk_token", "[UNK]").put("continuing_subword_prefix", "##")
                .put("max_input_chars_per_word", 100);
        ObjectNode vocab = model.putObject("vocab");
        List.of("[UNK]", "[PAD]", "[CLS]", "[SEP]", "be", "##cause", "##a", "a").forEach(token -> vocab.put(token, vocab.size()));
        for (String special : List.of("[CLS]", "[SEP]")) {
            added(tree, vocab.get(special).asInt(), special);
        }
        ((ObjectNode) tree.get("post_processor").get("special_tokens").get("[CLS]")).putArray("ids").add(2);
        return load(tree, "[SEP]");
    }

    private static List<String> vocabulary() {
        return Stream.of(Stream.of("<unk>", "<s>", "</s>"),
                IntStream.range(0, 256).mapToObj(b -> String.format(Locale.ROOT, "<0x%02X>", b)), WORDS.stream()).flatMap(s -> s).toList();
    }

    private static ObjectNode base(String bos, String eos) throws IOException {
        ObjectNode tree = (ObjectNode) Json.STRICT.readTree("""
                {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [], "normalizer": null, "pre_tokenizer": null,
                 "post_processor": {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "BOS", "type_id": 0}},
                  {"Sequence": {"id": "A", "type_id": 0}}], "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 0}}],
                  "special_tokens": {"BOS": {"id": "BOS", "ids": [1], "tokens": ["BOS"]}}}}""".replace("BOS", bos));
        if (bos.equals("<s>")) {
            added(tree, 1, bos);
            added(tree, 2, eos);
        }
        return tree;
    }

    private static void added(ObjectNode tree, int id, String content) {
        tree.withArray("added_tokens").addObject().put("id", id).put("content", content).put("single_word", false).put("lstrip", false)
                .put("rstrip", false).put("normalized", false).put("special", true);
    }

    private Tokenizer load(ObjectNode tree) throws IOException {
        return load(tree, "</s>");
    }

    private Tokenizer load(ObjectNode tree, String eos) throws IOException {
        Files.write(home.resolve(TokenizerFiles.JSON), Json.STRICT.writeValueAsBytes(tree));
        Files.writeString(home.resolve(TokenizerFiles.CONFIG), "{\"eos_token\": \"" + eos + "\"}");
        return Tokenizers.load(home);
    }
}
