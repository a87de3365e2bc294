package io.softq4j.workflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.common.UserError;
import io.softq4j.evaluation.SamplerSettings;
import io.softq4j.generation.GenerationConfig;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EvaluationConfigTest {

    @Test
    void aRunThatNamesAMetricOfOnesOwnIsUsedWithoutItsJar() {
        EvaluationConfig evaluation = EvaluationConfig.defaults().with(c -> c.metrics(List.of("com.example.Missing")));
        assertEquals(List.of("com.example.Missing"), evaluation.metrics());
        assertTrue(assertThrows(UserError.class, () -> Evaluation.metrics(evaluation)).getMessage().contains("com.example.Missing"));
    }

    @Test
    void theDefaultsSampleTheValidationFileFourTimesAtTwoTemperatures() {
        EvaluationConfig defaults = EvaluationConfig.defaults();
        assertEquals("EvaluationConfig[data=null, task=null, metrics=[], prompts=0, samples=4, temperatures=[0.7, 1.0], samplers=[], passAtK=[], "
                + "evalSteps=null, evalOnStart=false, loadBestModelAtEnd=false, metricForBestModel=null, greaterIsBetter=null, earlyStoppingPatience=0, "
                + "earlyStoppingThreshold=0.0, predictWithGenerate=false, evalPrompts=64, evalSamples=1, evalTemperature=0.0]", defaults.toString());
        assertEquals(List.of(1, 4), defaults.ks(4));
    }

    @Test
    void oneSampleAloneIsMeasuredWithPassAt1() {
        EvaluationConfig one = Sections.RUN.read(Optional.empty(), List.of("evaluation.samples=1")).section(EvaluationConfig.class);
        assertEquals(List.of(1), one.ks(1));
        assertEquals(List.of(1, 7), Sections.RUN.read(Optional.empty(), List.of("evaluation.samples=7")).section(EvaluationConfig.class).ks(7));
    }

    @Test
    void aKAboveTheSamplesCountsAsTheirNumber() {
        assertEquals(List.of(1, 4), EvaluationConfig.defaults().with(c -> c.passAtK(List.of(1, 5, 9))).ks(4));
        assertEquals(List.of(1), EvaluationConfig.defaults().ks(0));
    }

    @Test
    void everyKeyIsRead() {
        EvaluationConfig read = Sections.RUN.read(Optional.empty(), List.of("evaluation.data=t.jsonl", "evaluation.task=gsm8k",
                "evaluation.prompts=7", "evaluation.samples=3", "evaluation.temperatures=[0.5]", "evaluation.pass_at_k=[2]")).section(EvaluationConfig.class);
        assertEquals(EvaluationConfig.defaults().with(c -> c.data("t.jsonl").task("gsm8k").prompts(7).samples(3).temperatures(List.of(0.5))
                .passAtK(List.of(2))), read);
    }

    @Test
    void aReportTellsAllThatDecidesWhatIsDrawn() {
        GenerationConfig generation = Sections.RUN.read(Optional.empty(), List.of("generation={top_k: 5, top_p: 0.9, min_p: 0.1, "
                + "repetition_penalty: 1.2, stop_strings: [x], max_new_tokens: 7, seed: 3, min_new_tokens: 2, typical_p: 0.8, suppress_tokens: [4], "
                + "forced_bos_token_id: 5}")).section(GenerationConfig.class);
        assertEquals(SamplerSettings.defaults().with(c -> c.temperature(0.5).topK(5).topP(0.9).minP(0.1).repetitionPenalty(1.2)
                .stopStrings(List.of("x")).maxNewTokens(7).n(4).seed(3)
                .rules(Map.of("min_new_tokens", 2, "typical_p", 0.8, "suppress_tokens", List.of(4), "forced_bos_token_id", 5))),
                Evaluation.settings(generation.sampling(0.5, 4, 3)));
    }

    @Test
    void theGridHasEveryCombinationOfAnEntryAtEveryTemperatureThatItDoesNotName() {
        var config = Sections.RUN.read(Optional.empty(), List.of("generation={top_k: 5, seed: 3}", "evaluation={samples: 2, temperatures: [0.5, 1], "
                + "samplers: [{top_p: [0.8, 1]}, {min_p: 0.1, top_k: 0, temperature: 1.5}]}"));
        List<GenerationConfig> grid = SamplerGrid.of(config.section(EvaluationConfig.class), config.section(GenerationConfig.class)).samplers();
        assertEquals(List.of("0.5 5 0.8 0.0", "1.0 5 0.8 0.0", "0.5 5 1.0 0.0", "1.0 5 1.0 0.0", "1.5 0 1.0 0.1"),
                grid.stream().map(s -> s.temperature() + " " + s.topK() + " " + s.topP() + " " + s.minP()).toList());
        grid.forEach(sampler -> {
            assertEquals(2, sampler.numReturnSequences());
            assertEquals(3, sampler.seed());
            assertTrue(sampler.doSample());
        });
    }

    /** Whether two entries are one sampler depends on the section generation, too. */
    @Test
    void aSamplerThatIsThereTwiceIsRefused() {
        String samplers = "evaluation={temperatures: [1], samplers: [{min_p: 0.1}, {top_p: 0.9, min_p: 0.1}]}";
        assertEquals(2, grid("generation.top_p=1.0", samplers).samplers().size());
        assertEquals("evaluation.samplers gives one twice: temperature 1.0, top_k 0, top_p 0.9, min_p 0.1. Leave one out.",
                assertThrows(UserError.class, () -> grid("generation.top_p=0.9", samplers)).getMessage());
    }

    private static SamplerGrid grid(String... assignments) {
        var config = Sections.RUN.read(Optional.empty(), List.of(assignments));
        return SamplerGrid.of(config.section(EvaluationConfig.class), config.section(GenerationConfig.class));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "prompts=-1 | prompts must be at least 0 (0 is all), was -1",
        "samples=0 | samples must be at least 1 (at least 2 for a sweep), was 0",
        "temperatures=[] | temperatures is empty; it must have at least 1 value (0 is the most probable token each time; all different)",
        "temperatures=[1, -1] | temperatures must be at least 0 (0 is the most probable token each time; all different), one was -1",
        "temperatures=[.inf] | temperatures must be at least 0 (0 is the most probable token each time; all different), one was Infinity",
        "temperatures=[.nan] | temperatures must be at least 0 (0 is the most probable token each time; all different), one was NaN",
        "temperatures=[1, 1.0] | temperatures holds 1.0 twice; its values must all be different (0 is the most probable token each time; all different)",
        "samplers=[{top_q: 1}] | samplers: 'top_q' is no key of a sampler; they are temperature, top_k, top_p, min_p. What is the same for all belongs "
            + "into the section generation.",
        "samplers=[0.9] | 'samplers is a list of samplers, each with keys of its own, as in [{top_p: 0.9}, {top_p: 1, temperature: [0.7, 1]}]; seen 0.9'",
        "samplers=[{top_p: []}] | samplers: top_p is an empty list; leave it out to have it as in the section generation",
        "samplers=[{top_p: 2}] | 'samplers: top_p must be above 0 and at most 1 (1 is all), was 2'",
        "pass_at_k=[0] | pass_at_k must be at least 1, one was 0"})
    void whatCannotBeMeasuredIsRefused(String assignment, String message) {
        String set = "evaluation." + assignment;
        UserError error = assertThrows(UserError.class, () -> Sections.RUN.read(Optional.empty(), List.of(set)));
        assertEquals("--set " + set + ": evaluation: " + message, error.getMessage());
    }
}
