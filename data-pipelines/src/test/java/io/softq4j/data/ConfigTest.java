package io.softq4j.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.softq4j.common.UserError;
import io.softq4j.data.chat.TrainOn;
import io.softq4j.data.read.Format;
import io.softq4j.data.read.SampleBy;
import io.softq4j.data.render.Shape;
import io.softq4j.data.step.OverLength;
import io.softq4j.data.step.TruncationMode;
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
        assertEquals(new DataConfig(List.of(), List.of(), 0, 0, null, List.of(), StoppingStrategy.ALL_EXHAUSTED, Format.AUTO, SampleBy.LINE, OnError.FAIL,
                Shape.AUTO, Map.of(), null, null, null, false, null, TrainOn.COMPLETION, 512, OverLength.DROP, TruncationMode.KEEP_START,
                new FilterConfig(List.of(), Map.of(), Map.of(), Dedupe.NONE, 0.8, List.of(), 13, 0), 8192, 0), DEFAULTS);
        assertEquals(new TokenizerConfig(TokenizerType.TRAIN, 4096, 2, List.of("<|endoftext|>"), false, null), TokenizerConfig.defaults());
    }

    @Test
    void aDraftChangesWhatItSetsAndNothingElse() {
        assertEquals(DEFAULTS, DEFAULTS.with(d -> { }));
        assertEquals(7, DEFAULTS.with(d -> d.numProc = 7).numProc());
        assertEquals(DEFAULTS, DEFAULTS.with(d -> d.numProc = 7).with(d -> d.numProc = 0));
    }

    @Test
    void templatesMakeTheShape() {
        assertEquals(Shape.AUTO, DEFAULTS.effectiveShape());
        assertEquals(Shape.TEMPLATE, DEFAULTS.withTemplates("{q}", "{a}").effectiveShape());
        assertEquals(Shape.TEMPLATE, DEFAULTS.withTemplates(null, "{a}").effectiveShape());
    }

    @Test
    void dataOutOfRangeIsNamed() {
        assertData("max_length must be at least 2, was 0", d -> d.maxLength = 0);
        assertData("over_length must have a value", d -> d.overLength = null);
        assertData("on_error must have a value", d -> d.onError = null);
        assertData("examples_per_shard must be at least 1, was 0", d -> d.examplesPerShard = 0);
        assertData("num_proc must be at least 0 (0 is one thread for each processor), was -1", d -> d.numProc = -1);
        assertData("mixing_weights must be above 0, were [1.0, 0.0]", d -> d.mixingWeights = List.of(1.0, 0.0));
        assertData("mixing_weights has 1 weights for the 2 entries of train; give one for each", d -> {
            d.train = List.of("a", "b");
            d.mixingWeights = List.of(1.0);
        });
        assertData("mixing_weights with stopping_strategy all_exhausted repeats the shorter corpora, and filter.dedupe would take the repeats out again; "
                + "set stopping_strategy to first_exhausted or filter.dedupe to none", d -> {
            d.mixingWeights = List.of(1.0, 2.0);
            d.filter = FILTER.withDedupe(Dedupe.EXACT, 1);
        });
        assertData("validation_fraction and test_fraction must be 0 or more, together below 1, were 0.5 and 0.5", d -> {
            d.validationFraction = 0.5;
            d.testFraction = 0.5;
        });
        assertData("split_by is article, but nothing is split: set validation_fraction or test_fraction, or remove split_by", d -> d.splitBy = "article");
        assertData("validation_fraction is 0.1, but there are files for validation too: [v.jsonl]; use one of the two", d -> {
            d.validationFraction = 0.1;
            d.validation = List.of("v.jsonl");
        });
        assertData("filter.min_length is 600, above max_length 512: no example could be both",
                d -> d.filter = new FilterConfig(List.of(), Map.of(), Map.of(), Dedupe.NONE, 0.8, List.of(), 13, 600));
    }

    @Test
    void templatesThatContradictAreNamed() {
        assertData("prompt is set, but response is not; what is to be learned? Such as response: \" {answer}\"", d -> d.prompt = "{q}");
        assertData("response \"a\" names no field, so every row would have the same response; write {field} for a field of the row",
                d -> d.response = "a");
        assertData("prompt: template \"{q\": the brace at character 1 is not closed. Write {field} for a field of the record, {{ or }} for a brace", d -> {
            d.prompt = "{q";
            d.response = "{a}";
        });
        assertData("shape is alpaca, but there are templates too (prompt, response); set shape to template or remove them", d -> {
            d.shape = Shape.ALPACA;
            d.response = "{a}";
        });
        assertData("shape is template, but prompt and response are not set", d -> d.shape = Shape.TEMPLATE);
        assertData("columns is for the shapes softq4j knows; templates (prompt, response) name the columns of the corpus themselves", d -> {
            d.columns = Map.of("prompt", "q");
            d.response = "{a}";
        });
    }

    @Test
    void filtersOutOfRangeAreNamed() {
        assertMessage("drop_matching.text is no regular expression: Unclosed group at character 3 of \"(a\"",
                () -> FILTER.withMatching(Map.of(), Map.of("text", "(a")));
        assertMessage("dedupe_threshold must be above 0, up to 1, was 0.0", () -> FILTER.withDedupe(Dedupe.NEAR, 0));
        assertMessage("dedupe must be none, exact or near", () -> FILTER.withDedupe(null, 1));
        assertMessage("decontaminate_ngram must be at least 1, was 0", () -> FILTER.withDecontaminate(List.of(), 0));
    }

    @Test
    void tokenizerSettingsThatContradictAreNamed() {
        TokenizerConfig defaults = TokenizerConfig.defaults();
        List<String> eos = defaults.specialTokens();
        assertMessage("vocab_size must be at least 257 (1 special token and 256 bytes), was 12", () -> defaults.withVocabSize(12));
        assertMessage("min_frequency must be at least 1, was 0", () -> new TokenizerConfig(TokenizerType.TRAIN, 300, 0, eos, false, null));
        assertMessage("file is not set: type file needs the path of a tokenizer.json",
                () -> new TokenizerConfig(TokenizerType.FILE, 300, 2, eos, false, null));
        assertMessage("file is t.json, but type is train; set type to file to use it, or remove it to train one",
                () -> new TokenizerConfig(TokenizerType.TRAIN, 300, 2, eos, false, "t.json"));
        assertMessage("type must be train or file", () -> new TokenizerConfig(null, 300, 2, eos, false, null));
        assertMessage("special_tokens is empty; the first of them ends a text (EOS), for example <|endoftext|>",
                () -> new TokenizerConfig(TokenizerType.TRAIN, 300, 2, List.of(), false, null));
    }

    private static void assertData(String expected, Consumer<DataConfigDraft> change) {
        assertMessage(expected, () -> DEFAULTS.with(change));
    }

    private static void assertMessage(String expected, Executable action) {
        assertEquals(expected, assertThrows(UserError.class, action).getMessage());
    }
}
