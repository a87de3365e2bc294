package io.softq4j.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.softq4j.common.UserError;
import io.softq4j.data.render.Shape;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class ConfigTest {

    private static final DataConfig DEFAULTS = DataConfig.defaults();
    private static final FilterConfig FILTER = FilterConfig.defaults();

    @Test
    void theDefaults() {
        assertEquals("DataConfig[train=[], validation=[], validationNames=[], validationFraction=0.0, testFraction=0.0, splitBy=null, mixingWeights=[], "
                + "stoppingStrategy=ALL_EXHAUSTED, format=AUTO, sampleBy=LINE, onError=FAIL, shape=AUTO, columns={}, references=[], prompt=null, "
                + "response=null, system=null, applyChatTemplate=false, chatTemplate=null, trainOn=COMPLETION, maxLength=512, overLength=DROP, "
                + "truncationMode=KEEP_START, filter=" + FILTER + ", examplesPerShard=8192, numProc=0]", DEFAULTS.toString());
        assertEquals("FilterConfig[transforms=[], keepMatching={}, dropMatching={}, dedupe=NONE, dedupeThreshold=0.8, decontaminate=[], "
                + "decontaminateNgram=13, minLength=0]", FILTER.toString());
        assertEquals("TokenizerConfig[type=TRAIN, vocabSize=4096, minFrequency=2, specialTokens=[<|endoftext|>], nfc=false, file=null]",
                TokenizerConfig.defaults().toString());
    }

    @Test
    void aDraftChangesWhatItSetsAndNothingElse() {
        assertEquals(DEFAULTS, DEFAULTS.with(d -> { }));
        assertEquals(7, DEFAULTS.with(d -> d.numProc(7)).numProc());
        assertEquals(DEFAULTS, DEFAULTS.with(d -> d.numProc(7).numProc(0)));
    }

    @Test
    void templatesMakeTheShape() {
        assertEquals(Shape.AUTO, DEFAULTS.effectiveShape());
        assertEquals(Shape.TEMPLATE, DEFAULTS.with(d -> d.prompt("{q}").response("{a}")).effectiveShape());
        assertEquals(Shape.TEMPLATE, DEFAULTS.with(d -> d.response("{a}")).effectiveShape());
    }

    @Test
    void dataOutOfRangeIsNamed() {
        assertData("max_length must be at least 2, was 0", d -> d.maxLength(0));
        assertData("over_length must be one of drop, truncate, fail; it has no value", d -> d.overLength(null));
        assertData("on_error must be one of fail, skip; it has no value", d -> d.onError(null));
        assertData("examples_per_shard must be at least 1 (a shard stays below 2 GiB), was 0", d -> d.examplesPerShard(0));
        assertData("num_proc must be at least 0 (0 is one thread for each processor), was -1", d -> d.numProc(-1));
        assertData("mixing_weights must be above 0 (one for each entry), one was 0", d -> d.mixingWeights(List.of(1.0, 0.0)));
        assertData("mixing_weights has 1 weights for the 2 entries of train; give one for each",
                d -> d.train(List.of("a", "b")).mixingWeights(List.of(1.0)));
        assertData("mixing_weights with stopping_strategy all_exhausted repeats the shorter corpora, and filter.dedupe would take the repeats out again; "
                + "set stopping_strategy to first_exhausted or filter.dedupe to none",
                        d -> d.mixingWeights(List.of(1.0, 2.0)).filter(FILTER.with(f -> f.dedupe(Dedupe.EXACT))));
        assertData("validation_fraction and test_fraction must be below 1 together, were 0.5 and 0.5",
                d -> d.validationFraction(0.5).testFraction(0.5));
        assertData("split_by is article, but nothing is split: set validation_fraction or test_fraction, or remove split_by",
                d -> d.splitBy("article"));
        assertData("validation_fraction is 0.1, but there are files for validation too: [v.jsonl]; use one of the two",
                d -> d.validationFraction(0.1).validation(List.of("v.jsonl")));
        assertData("filter.min_length is 600, above max_length 512: no example could be both",
                d -> d.filter(FILTER.with(f -> f.minLength(600))));
    }

    @Test
    void templatesThatContradictAreNamed() {
        assertData("prompt is set, but response is not; what is to be learned? Such as response: \" {answer}\"", d -> d.prompt("{q}"));
        assertData("response \"a\" names no field, so every row would have the same response; write {field} for a field of the row",
                d -> d.response("a"));
        assertData("prompt: template \"{q\": the brace at character 1 is not closed. Write {field} for a field of the record, {{ or }} for a brace",
                d -> d.prompt("{q").response("{a}"));
        assertData("shape is alpaca, but there are templates too (prompt, response); set shape to template or remove them",
                d -> d.shape(Shape.ALPACA).response("{a}"));
        assertData("shape is template, but prompt and response are not set", d -> d.shape(Shape.TEMPLATE));
        assertData("columns is for the shapes softq4j knows; templates (prompt, response) name the columns of the corpus themselves",
                d -> d.columns(Map.of("prompt", "q")).response("{a}"));
    }

    @Test
    void filtersOutOfRangeAreNamed() {
        assertMessage("drop_matching.text is no regular expression: Unclosed group at character 3 of \"(a\"",
                () -> FILTER.with(f -> f.dropMatching(Map.of("text", "(a"))));
        assertMessage("dedupe_threshold must be above 0 and at most 1, was 0", () -> FILTER
                .with(f -> f.dedupe(Dedupe.NEAR).dedupeThreshold(0)));
        assertMessage("dedupe must be one of none, exact, near; it has no value", () -> FILTER.with(f -> f.dedupe(null)));
        assertMessage("decontaminate_ngram must be at least 1, was 0", () -> FILTER
                .with(f -> f.decontaminate(List.of()).decontaminateNgram(0)));
    }

    @Test
    void tokenizerSettingsThatContradictAreNamed() {
        TokenizerConfig defaults = TokenizerConfig.defaults();
        assertMessage("vocab_size must be at least 257 (1 special token and 256 bytes), was 12", () -> defaults.with(t -> t.vocabSize(12)));
        assertMessage("min_frequency must be at least 1, was 0", () -> defaults.with(t -> t.minFrequency(0)));
        assertMessage("file is not set: type file needs the path of a tokenizer.json",
                () -> defaults.with(t -> t.type(TokenizerType.FILE)));
        assertMessage("file is t.json, but type is train; set type to file to use it, or remove it to train one",
                () -> defaults.with(t -> t.file("t.json")));
        assertMessage("type must be one of train, file; it has no value", () -> defaults.with(t -> t.type(null)));
        assertMessage("special_tokens is empty; the first of them ends a text (EOS), for example <|endoftext|>",
                () -> defaults.with(t -> t.specialTokens(List.of())));
    }

    private static void assertData(String expected, Consumer<DataConfig.Draft> change) {
        assertMessage(expected, () -> DEFAULTS.with(change));
    }

    private static void assertMessage(String expected, Executable action) {
        assertEquals(expected, assertThrows(UserError.class, action).getMessage());
    }
}
