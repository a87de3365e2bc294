package io.softq4j.workflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.common.UserError;
import io.softq4j.generation.EarlyStopping;
import io.softq4j.generation.GenerationConfig;
import io.softq4j.generation.GenerationDefaults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What decides how a model continues prompts: --set over the configuration over generation_config.json over the defaults of transformers. */
class GenerationSettingsTest {

    @TempDir
    private Path directory;

    private Optional<GenerationDefaults> model(String json) {
        try {
            Files.writeString(directory.resolve("generation_config.json"), json);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return GenerationDefaults.read(List.of(directory.resolve("generation_config.json"), directory.resolve("config.json")));
    }

    private GenerationConfig continuing(Optional<GenerationDefaults> model, String yaml, String... set) {
        try {
            Path file = Files.writeString(directory.resolve("c.yaml"), yaml);
            return GenerationSettings.continuing(GenerationSettings.schema(model).read(Optional.of(file), List.of(set))).config();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private GenerationConfig set(String... set) {
        return continuing(Optional.empty(), "", set);
    }

    @Test
    void withoutAnyWordItIsGreedy() {
        assertEquals(GenerationConfig.greedy(128), set());
        assertEquals(GenerationConfig.greedy(128), continuing(model("{\"eos_token_id\": 2, \"bos_token_id\": 1, \"temperature\": 0.6}"), "")
                .with(c -> c.temperature(1)), "a temperature in the file alone is not used, as in transformers");
    }

    @Test
    void theModelsFileIsTheDefaultOfEveryKeyItHas() {
        GenerationConfig config = continuing(model("""
                {"do_sample": true, "temperature": 0.6, "top_k": 20, "top_p": 0.95, "min_p": 0.01, "typical_p": 0.9, "epsilon_cutoff": 0.0003,
                 "eta_cutoff": 0.0004, "repetition_penalty": 1.05, "no_repeat_ngram_size": 3, "bad_words_ids": [[1, 2], [3]], "suppress_tokens": [4],
                 "begin_suppress_tokens": [5, 6], "forced_bos_token_id": 7, "forced_eos_token_id": 8, "exponential_decay_length_penalty": [9, 1.1],
                 "renormalize_logits": true, "length_penalty": 0.8, "early_stopping": "never", "stop_strings": "END", "max_new_tokens": 10,
                 "min_new_tokens": 2, "min_length": 3, "num_return_sequences": 2, "max_length": null, "transformers_version": "4.50.0",
                 "cache_implementation": "hybrid", "use_cache": true, "output_scores": false, "chat_format": "chatml", "num_beam_groups": 1,
                 "diversity_penalty": 0.0, "guidance_scale": 1.0, "encoder_no_repeat_ngram_size": 0, "remove_invalid_values": false}
                """), "");
        assertEquals(GenerationConfig.greedy(10).with(c -> c.doSample(true).temperature(0.6).topK(20).topP(0.95).minP(0.01).typicalP(0.9)
                .epsilonCutoff(0.0003).etaCutoff(0.0004).repetitionPenalty(1.05).noRepeatNgramSize(3).badWordsIds(List.of(List.of(1, 2), List.of(3)))
                .suppressTokens(List.of(4)).beginSuppressTokens(List.of(5, 6)).forcedBosTokenId(Optional.of(7)).forcedEosTokenId(List.of(8))
                .exponentialDecayLengthPenalty(List.of(9.0, 1.1)).renormalizeLogits(true).lengthPenalty(0.8).earlyStopping(EarlyStopping.NEVER)
                .stopStrings(List.of("END")).minNewTokens(2).minLength(3).numReturnSequences(2)), config);
    }

    @Test
    void theConfigurationGoesBeforeTheModelAndAnAssignmentBeforeBoth() {
        Optional<GenerationDefaults> model = model("{\"do_sample\": true, \"temperature\": 0.6, \"top_p\": 0.9, \"max_new_tokens\": 10}");
        GenerationConfig config = continuing(model, "generation: {top_p: 0.8, max_new_tokens: 20}", "generation.max_new_tokens=30");
        assertEquals(List.of(0.6, 0.8, 30, 50, true),
                List.of(config.temperature(), config.topP(), config.maxNewTokens(), config.topK(), config.doSample()), "top_k 50 is that of transformers");
    }

    @Test
    void oldModelsKeepTheirSettingsInTheirConfiguration() throws IOException {
        Files.writeString(directory.resolve("config.json"), "{\"model_type\": \"gpt2\", \"do_sample\": true, \"max_length\": 50, \"n_positions\": 9, "
                + "\"task_specific_params\": {\"text-generation\": {\"temperature\": 3}}}");
        List<Path> files = List.of(directory.resolve("generation_config.json"), directory.resolve("config.json"));
        GenerationConfig old = continuing(GenerationDefaults.read(files), "");
        assertTrue(old.samples());
        assertEquals(List.of(50, Integer.MAX_VALUE, 1.0), List.of(old.maxLength(), old.maxNewTokens(), old.temperature()));
        assertFalse(continuing(model("{}"), "").samples(), "not where there is a generation_config.json");
    }

    @Test
    void whatIsAskedForLastDecidesHow() {
        assertFalse(set("generation.temperature=0").samples());
        assertFalse(set("generation.do_sample=true", "generation.temperature=0").samples());
        assertFalse(set("generation.do_sample=true", "generation.top_k=1").samples());
        assertTrue(set("generation.temperature=0.8").samples());
        assertFalse(set("generation.temperature=0.8", "generation.do_sample=false").samples());
        assertEquals(4, set("generation.num_beams=4").numBeams());
        Optional<GenerationDefaults> sampling = model("{\"do_sample\": true, \"temperature\": 0.6}");
        assertFalse(continuing(sampling, "", "generation.num_beams=4").samples());
        assertFalse(continuing(sampling, "generation: {do_sample: true}", "generation.num_beams=4").samples());
        assertFalse(continuing(sampling, "generation: {num_beams: 4}").samples());
        assertFalse(continuing(sampling, "", "generation.temperature=0").samples());
        assertTrue(continuing(sampling, "").samples());
    }

    @Test
    void whatDoesNotGoTogetherIsRefusedWithItsPlaces() {
        assertEquals("num_beams is 4 (--set generation.num_beams=4), and a beam search does not sample. Set generation.do_sample to false to search, or "
                + "generation.num_beams to 1 to sample",
                assertThrows(UserError.class, () -> set("generation.num_beams=4", "generation.do_sample=true")).getMessage());
        assertTrue(assertThrows(UserError.class, () -> continuing(model("{\"num_beams\": 4}"), "", "generation.temperature=0.7")).getMessage()
                .startsWith("num_beams is 4 (" + directory.resolve("generation_config.json") + ")"));
        assertTrue(assertThrows(UserError.class, () -> set("generation.num_return_sequences=2")).getMessage()
                .startsWith("num_return_sequences is 2 (--set generation.num_return_sequences=2), and there is one most probable continuation."));
    }

    @Test
    void theNumberOfNewTokensGoesBeforeTheLengthOfAll() {
        GenerationConfig both = continuing(model("{\"max_length\": 20}"), "", "generation.max_new_tokens=7");
        assertEquals(List.of(0, 7), List.of(both.maxLength(), both.maxNewTokens()));
        GenerationConfig length = continuing(model("{\"max_length\": 20}"), "");
        assertEquals(15, length.newTokens(5));
        assertEquals(128, continuing(model("{}"), "").newTokens(5));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"guidance_scale\": 1.5", "\"penalty_alpha\": 0.6", "\"num_beam_groups\": 2", "\"diversity_penalty\": 0.5",
        "\"watermarking_config\": {\"bias\": 2}", "\"token_healing\": true", "\"max_time\": 3.0", "\"force_words_ids\": [[1]]", "\"constraints\": [1]",
        "\"encoder_repetition_penalty\": 1.2", "\"encoder_no_repeat_ngram_size\": 3", "\"sequence_bias\": [[[1], 2.0]]", "\"dola_layers\": \"low\"",
        "\"top_h\": 0.4"})
    void whatIsNotSupportedAndWouldChangeTheOutputIsRefusedByName(String field) {
        String message = assertThrows(UserError.class, () -> model("{\"do_sample\": true, " + field + "}")).getMessage();
        String key = field.substring(1, field.indexOf('"', 1));
        assertTrue(message.startsWith(directory.resolve("generation_config.json") + " asks for what is not supported and would change what is generated: "
                + key + " "), message);
    }

    @Test
    void valuesThatCannotBeAreRefusedWithTheFile() {
        Path file = directory.resolve("generation_config.json");
        assertEquals(file + ": 'generation.top_k' is 'many', expected an integer up to 2147483647",
                assertThrows(UserError.class, () -> continuing(model("{\"top_k\": \"many\"}"), "")).getMessage());
        assertEquals(file + ": generation: top_p must be above 0 and at most 1 (1 is all), was 1.5",
                assertThrows(UserError.class, () -> continuing(model("{\"top_p\": 1.5}"), "")).getMessage());
    }

    @Test
    void samplesThatAreMeasuredAreOfTheWholeDistributionUnlessSomebodySaysOtherwise() throws IOException {
        assertEquals(0, measuring(model("{\"do_sample\": true}")).topK());
        assertEquals(9, measuring(model("{\"do_sample\": true, \"top_k\": 9}")).topK());
        assertEquals(1.3, measuring(model("{\"repetition_penalty\": 1.3}")).repetitionPenalty());
    }

    private static GenerationConfig measuring(Optional<GenerationDefaults> model) {
        return GenerationSettings.measuring(GenerationSettings.schema(model).read(Optional.empty(), List.of())).config();
    }

    @Test
    void whatIsWrittenBesideAModelHasOnlyWhatWasStated() {
        String yaml = Sections.RUN.read(Optional.empty(), List.of("generation.max_new_tokens=5")).effectiveYaml();
        assertTrue(yaml.contains("generation:\n  max_new_tokens: 5\nevaluation:"), yaml);
    }
}
