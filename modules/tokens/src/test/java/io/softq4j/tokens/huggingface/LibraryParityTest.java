package io.softq4j.tokens.huggingface;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingRegistry;
import com.knuddels.jtokkit.api.EncodingType;
import com.knuddels.jtokkit.api.GptBytePairEncodingParams;
import io.softq4j.common.Json;
import io.softq4j.tokens.CharClass;
import io.softq4j.tokens.Genuine;
import io.softq4j.tokens.Nasty;
import io.softq4j.tokens.Nfc;
import io.softq4j.tokens.Tokenizer;
import io.softq4j.tokens.TokenizerFiles;
import io.softq4j.tokens.bpe.BpeOptions;
import io.softq4j.tokens.bpe.BpeTokenizer;
import io.softq4j.tokens.bpe.BpeTrainer;
import io.softq4j.tokens.bpe.ByteAlphabet;
import io.softq4j.tokens.bpe.PreTokenizer;
import io.softq4j.tokens.bpe.PreTokenizerTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The ids of {@link BpeTokenizer} are those of Hugging Face's library for the same file, and of jtokkit for the published vocabularies. */
class LibraryParityTest {

    @TempDir
    Path home;

    static Stream<Arguments> published() {
        return Stream.of(Arguments.of("r50k_base", PreTokenizer.GPT2, false, false),
                Arguments.of("cl100k_base", PreTokenizer.LLAMA3, false, true),
                Arguments.of("cl100k_base", PreTokenizer.QWEN2, true, false),
                Arguments.of("o200k_base", PreTokenizer.O200K, false, true));
    }

    @ParameterizedTest
    @MethodSource("published")
    void publishedVocabulariesGiveTheLibrarysIds(String name, PreTokenizer cut, boolean nfc, boolean ignoreMerges) throws IOException {
        Genuine.write(home, name, cut, nfc, ignoreMerges);
        assertSame(texts(), nfc);
    }

    @ParameterizedTest
    @EnumSource
    void trainedVocabulariesGiveTheLibrarysIdsHoweverTextIsCut(PreTokenizer cut) throws IOException {
        for (boolean nfc : new boolean[] {false, true}) {
            BpeTrainer trainer = new BpeTrainer(BpeOptions.defaults().with(o -> o.vocabSize(1000)));
            Nasty.texts().forEach(trainer::add);
            trainer.train().save(home);
            ObjectNode trained = (ObjectNode) Json.STRICT.readTree(home.resolve(TokenizerFiles.JSON).toFile());
            ObjectNode tree = Genuine.shape(cut, nfc, true);
            tree.set("model", ((ObjectNode) trained.get("model")).put("ignore_merges", nfc));
            tree.set("added_tokens", trained.get("added_tokens"));
            Files.write(home.resolve(TokenizerFiles.JSON), Json.STRICT.writeValueAsBytes(tree));
            assertSame(texts(), nfc);
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyCodePointIsClassedAsTheLibraryDoes(PreTokenizer cut) throws IOException {
        BpeTrainer trainer = new BpeTrainer(BpeOptions.defaults());
        trainer.train().save(home);
        ObjectNode trained = (ObjectNode) Json.STRICT.readTree(home.resolve(TokenizerFiles.JSON).toFile());
        // merges that cross every boundary: what is cut apart shows in the ids
        ObjectNode tree = Genuine.shape(cut, false, false);
        tree.set("model", trained.get("model"));
        tree.set("added_tokens", trained.get("added_tokens"));
        ObjectNode model = (ObjectNode) tree.get("model");
        int id = model.get("vocab").size();
        for (String left : List.of("a", "B", "1", "Ġ", "'", "Ċ", "-")) {
            for (char right : ByteAlphabet.sorted()) {
                for (String pair : List.of(left + right, right + left)) {
                    if (!model.get("vocab").has(pair)) {
                        ((ObjectNode) model.get("vocab")).put(pair, id++);
                        model.withArray("merges").add(pair.charAt(0) + " " + pair.charAt(1));
                    }
                }
            }
        }
        Files.write(home.resolve(TokenizerFiles.JSON), Json.STRICT.writeValueAsBytes(tree));
        List<String> texts = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        // two cuts tell all classes apart; where nothing is assigned, and for the other two, one in a hundred will do
        boolean all = cut == PreTokenizer.GPT2 || cut == PreTokenizer.O200K;
        for (int c = 0; c <= Character.MAX_CODE_POINT; c += c < 0x3000 || all && (c < 0x32000 || c >> 12 == 0xE0) ? 1 : 97) {
            if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) {
                String point = Character.toString(c);
                text.append('a').append(point).append('B').append(point).append("1 ").append(point).append("-'").append(point).append('\n');
                if (text.length() > 20_000) {
                    texts.add(text.toString());
                    text.setLength(0);
                }
            }
        }
        assertSame(texts, false);
    }

    @Test
    void everyCodePointIsComposedAsTheLibraryDoes() throws IOException {
        new BpeTrainer(BpeOptions.defaults().with(o -> o.nfc(true))).train().save(home);
        List<String> texts = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        for (int c = 0x80; c < 0x32000; c++) {
            // CJK ideographs and Hangul syllables are composed already: every tenth of them
            if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE || c > 0x3400 && c < 0xD7A0 && c % 10 > 0
                    || c > 0x20000 && c < 0x2F800 && c % 10 > 0) {
                continue;
            }
            text.append('e').appendCodePoint(c).append('\u0323').appendCodePoint(c).append("\u0301\n").appendCodePoint(c).append("\u0334\n")
                    .append(Normalizer.normalize(Character.toString(c), Normalizer.Form.NFD)).append('\n');
            if (text.length() > 20_000) {
                texts.add(text.toString());
                text.setLength(0);
            }
        }
        texts.add(text.toString());
        assertSame(texts, true);
    }

    @Test
    void jtokkitIsASecondWitnessForThePublishedVocabularies() throws IOException {
        for (EncodingType type : List.of(EncodingType.R50K_BASE, EncodingType.CL100K_BASE, EncodingType.O200K_BASE)) {
            PreTokenizer cut = type == EncodingType.R50K_BASE ? PreTokenizer.GPT2
                    : type == EncodingType.CL100K_BASE ? PreTokenizer.LLAMA3 : PreTokenizer.O200K;
            Tokenizer ours = Tokenizers.load(Genuine.write(home, type.getName(), cut, false, cut != PreTokenizer.GPT2));
            Encoding theirs = Encodings.newLazyEncodingRegistry().getEncoding(type);
            for (String text : Nasty.texts()) {
                // it has the Unicode of the JDK and does not know the long s of a contraction, and long pieces take it long
                if (text.length() < 1000 && !text.contains("<|endoftext|>") && text.codePoints().allMatch(c -> CharClass.isKnownToNfc(c)
                        && c != 0x17F)) {
                    assertArrayEquals(theirs.encodeOrdinary(text).toArray(), ours.encode(text), text);
                }
            }
        }
    }

    /**
     * Why jtokkit is a witness and not the encoder: it merges whatever two neighbours spell a token, in the order of the tokens; a
     * tokenizer.json lists which two may merge. Here {@code a} and {@code bc} may not, though {@code abc} is a token (of {@code ab} and
     * {@code c}).
     */
    @Test
    void aPairThatSpellsATokenButIsNoMergeIsNotMerged() throws IOException {
        BpeTrainer trainer = new BpeTrainer(BpeOptions.defaults());
        trainer.train().save(home);
        ObjectNode tree = (ObjectNode) Json.STRICT.readTree(home.resolve(TokenizerFiles.JSON).toFile());
        ObjectNode vocab = (ObjectNode) tree.get("model").get("vocab");
        for (String merge : List.of("b c", "a b", "ab c")) {
            vocab.put(merge.replace(" ", ""), vocab.size());
            tree.withArray("/model/merges").add(merge);
        }
        Files.write(home.resolve(TokenizerFiles.JSON), Json.STRICT.writeValueAsBytes(tree));
        assertSame(List.of("abc", "aabc", "abcabc abc"), false);
        Tokenizer ours = Tokenizers.load(home);
        assertEquals(List.of("a", "bc"), pieces(ours, "abc"));

        Map<byte[], Integer> ranks = new HashMap<>();
        vocab.properties().stream().filter(entry -> entry.getValue().asInt() > 0)
                .forEach(entry -> ranks.put(ByteAlphabet.bytesOf(entry.getKey()), entry.getValue().asInt()));
        EncodingRegistry registry = Encodings.newLazyEncodingRegistry();
        registry.registerGptBytePairEncoding(new GptBytePairEncodingParams("abc", PreTokenizerTest.pattern(PreTokenizer.GPT2), ranks,
                Map.of()));
        int[] theirs = registry.getEncoding("abc").orElseThrow().encodeOrdinary("abc").toArray();
        assertArrayEquals(new int[] {ours.idOf("abc").orElseThrow()}, theirs);
    }

    @Test
    void aMergeListedTwiceCountsWhereItIsListedLast() throws IOException {
        new BpeTrainer(BpeOptions.defaults()).train().save(home);
        ObjectNode tree = (ObjectNode) Json.STRICT.readTree(home.resolve(TokenizerFiles.JSON).toFile());
        ObjectNode vocab = (ObjectNode) tree.get("model").get("vocab");
        for (String merge : List.of("a b", "b c", "a b")) {
            if (!vocab.has(merge.replace(" ", ""))) {
                vocab.put(merge.replace(" ", ""), vocab.size());
            }
            tree.withArray("/model/merges").addArray().add(merge.substring(0, 1)).add(merge.substring(2));
        }
        Files.write(home.resolve(TokenizerFiles.JSON), Json.STRICT.writeValueAsBytes(tree));
        assertSame(List.of("abc", "ab", "bc"), false);
        assertEquals(List.of("a", "bc"), pieces(Tokenizers.load(home), "abc"));
    }

    @Test
    void addedTokensAreFoundAsTheLibraryFindsThem() throws IOException {
        BpeTrainer trainer = new BpeTrainer(BpeOptions.defaults().with(o -> o.vocabSize(600)));
        Nasty.texts().forEach(trainer::add);
        trainer.train().save(home);
        ObjectNode trained = (ObjectNode) Json.STRICT.readTree(home.resolve(TokenizerFiles.JSON).toFile());
        List<String> contents = List.of("<think>", "<think", "<|im_start|>", "<|im_start|>a", "thinking", "a b", "  ", "\n\n", "<|",
                "e\u0301");
        Random random = new Random(3);
        for (boolean nfc : new boolean[] {false, true}) {
            for (int round = 0; round < 20; round++) {
                ObjectNode tree = trained.deepCopy();
                int next = tree.get("model").get("vocab").size();
                for (String content : contents) {
                    if (random.nextBoolean() && !(nfc && content.contains("\u0301"))) {
                        JsonNode known = tree.get("model").get("vocab").get(content);
                        tree.withArray("added_tokens").addObject().put("id", known == null ? next++ : known.asInt()).put("content", content)
                                .put("single_word", false)
                                .put("lstrip", false).put("rstrip", false).put("normalized", random.nextBoolean())
                                .put("special", random.nextBoolean());
                    }
                }
                if (nfc) {
                    tree.putObject("normalizer").put("type", "NFC");
                }
                Files.write(home.resolve(TokenizerFiles.JSON), Json.STRICT.writeValueAsBytes(tree));
                Tokenizer ours = Tokenizers.load(home);
                Tokenizer theirs = new HuggingFaceTokenizer(TokenizerFiles.read(home));
                assertInstanceOf(BpeTokenizer.class, ours);
                for (int n = 0; n < 100; n++) {
                    StringBuilder text = new StringBuilder();
                    for (int i = random.nextInt(12); i >= 0; i--) {
                        text.append(random.nextInt(3) == 0 ? Nasty.random(random) : contents.get(random.nextInt(contents.size())));
                    }
                    int[] ids = theirs.encode(text.toString());
                    assertArrayEquals(ids, ours.encode(text.toString()), text.toString());
                    assertEquals(theirs.decode(ids), ours.decode(ids));
                    for (int id : ids) {
                        assertEquals(theirs.tokenText(id), ours.tokenText(id));
                    }
                }
            }
        }
    }

    @Test
    void whatTheFastPathDoesNotKnowGoesToTheLibrary() throws IOException {
        new BpeTrainer(BpeOptions.defaults()).train().save(home);
        String whole = Files.readString(home.resolve(TokenizerFiles.JSON));
        for (List<String> edit : List.of(List.of("\"lstrip\" : false", "\"lstrip\" : true"), List.of("\"rstrip\" : false",
                "\"rstrip\" : true"),
                List.of("\"single_word\" : false", "\"single_word\" : true"), List.of("\"add_prefix_space\" : false",
                "\"add_prefix_space\" : true"),
                List.of("\"normalizer\" : null", "\"normalizer\" : {\"type\": \"NFKC\"}"),
                List.of("\"post_processor\" : null", "\"post_processor\" : {\"type\": \"BertProcessing\", \"sep\": [\"<|endoftext|>\", 0], "
                        + "\"cls\": [\"<|endoftext|>\", 0]}"))) {
            assertTrue(whole.contains(edit.get(0)), edit.get(0));
            Files.writeString(home.resolve(TokenizerFiles.JSON), whole.replace(edit.get(0), edit.get(1)));
            assertInstanceOf(HuggingFaceTokenizer.class, Tokenizers.load(home), edit.get(1));
        }
    }

    /** As some conversions of GPT-4's and GPT-4o's vocabularies have it. */
    @Test
    void cuttingOutWhatDoesNotMatchIsTheSameAsCuttingWhatDoes() throws IOException {
        Genuine.write(home, "r50k_base", PreTokenizer.LLAMA3, false, false);
        int[] isolated = Tokenizers.load(home).encode("It's 12345 dogs,\n\n isn't it?");
        String json = Files.readString(home.resolve(TokenizerFiles.JSON));
        String isolates = "\"behavior\":\"Isolated\",\"invert\":false";
        assertTrue(json.contains(isolates));
        Files.writeString(home.resolve(TokenizerFiles.JSON), json.replace(isolates, "\"behavior\":\"Removed\",\"invert\":true"));
        assertSame(Nasty.texts(), false);
        assertArrayEquals(isolated, Tokenizers.load(home).encode("It's 12345 dogs,\n\n isn't it?"));
    }

    private static List<String> pieces(Tokenizer tokenizer, String text) {
        return Arrays.stream(tokenizer.encode(text)).mapToObj(tokenizer::tokenText).toList();
    }

    private static List<String> texts() {
        Random random = new Random(11);
        return Stream.concat(Nasty.texts().stream(), Stream.generate(() -> Nasty.random(random)).limit(2000)).toList();
    }

    private void assertSame(List<String> texts, boolean nfc) {
        Tokenizer ours = Tokenizers.load(home);
        Tokenizer theirs = new HuggingFaceTokenizer(TokenizerFiles.read(home));
        assertInstanceOf(BpeTokenizer.class, ours);
        assertEquals(theirs.vocabularySize(), ours.vocabularySize());
        for (String text : texts) {
            int[] ids = theirs.encode(text);
            assertArrayEquals(ids, ours.encode(text), () -> text.length() < 200 ? text + " "
                    + text.codePoints().boxed().map(Integer::toHexString).toList()
                    : firstDifference(text, ids, ours));
            assertEquals(theirs.decode(ids), ours.decode(ids));
            String expected = Stream.of(text.split("<\\|endoftext\\|>", -1))
                    .map(part -> nfc ? new String(Nfc.of(part.toCharArray(), 0, part.length())) : part).collect(Collectors.joining());
            assertEquals(expected, ours.decode(ids));
        }
    }

    private static String firstDifference(String text, int[] expected, Tokenizer ours) {
        int[] actual = ours.encode(text);
        StringBuilder before = new StringBuilder();
        for (int i = 0; i < Math.min(expected.length, actual.length) && expected[i] == actual[i]; i++) {
            before.append(ours.tokenText(expected[i]));
        }
        return "after ..." + before.substring(Math.max(0, before.length() - 40));
    }
}
