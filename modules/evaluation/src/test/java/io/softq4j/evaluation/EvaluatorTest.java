package io.softq4j.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.softq4j.common.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluatorTest {

    private static final SamplerSettings FOUR = SamplerSettings.defaults().with(c -> c.temperature(0.7).topP(0.95).minP(0.1)
            .repetitionPenalty(1.2).stopStrings(List.of("\n\n")).maxNewTokens(64).n(4).seed(11));

    /** Correct is what begins with the field "first". */
    private record StartsWith() implements Task {
        @Override
        public String name() {
            return "starts_with";
        }

        @Override
        public boolean correct(Map<String, String> fields, String response) {
            return response.startsWith(Fields.require(fields, "first", name()));
        }
    }

    private static PromptSamples prompt(String first, String... texts) {
        return new PromptSamples("begin with " + first, Map.of("first", first), Arrays.stream(texts).map(text -> new Sample(text, 3, true, 0.5))
                .toList());
    }

    private static final List<PromptSamples> PROMPTS = List.of(prompt("a", "a b", "a  b ", "a c", "x"), prompt("b", "x", "y", "z", "x"));

    @Test
    void qualityCountsCorrectAndDistinctCorrectResponses() {
        Quality quality = Evaluator.evaluate(Optional.of(new StartsWith()), PROMPTS, FOUR, List.of(1, 2, 4)).quality();
        assertEquals(3.0 / 8, quality.accuracy());
        assertEquals(1, quality.distinctCorrect(), "'a b' twice and 'a c' are two, none for the second prompt");
        assertEquals(List.of(1, 2, 4), List.copyOf(quality.passAtK().keySet()));
        assertEquals(3.0 / 8, quality.passAtK().get(1), 1e-15);
        assertEquals(0.5, quality.passAtK().get(2), 1e-15);
        assertEquals(0.5, quality.passAtK().get(4), 1e-15);
    }

    @Test
    void aSampleIsRightIfItIsForOneOfTheRecordsThatHaveThePrompt() {
        List<Sample> samples = List.of(new Sample("a b", 3, true, 0.5), new Sample("b c", 3, true, 0.5), new Sample("x", 3, true, 0.5),
                new Sample("b c", 3, true, 0.5));
        PromptSamples both = new PromptSamples("p", List.of(Map.of("first", "a"), Map.of("first", "b")), samples);
        EvaluationReport report = Evaluator.evaluate(Optional.of(new StartsWith()), List.of(both), FOUR, List.of(1));
        assertEquals(0.75, report.quality().accuracy());
        assertEquals(2, report.quality().distinctCorrect());
        assertEquals(1, report.counts().prompts());
    }

    @Test
    void diversityIsMeasuredWithoutATask() {
        EvaluationReport report = Evaluator.evaluate(Optional.empty(), PROMPTS, FOUR, List.of(1));
        assertNull(report.task());
        assertNull(report.quality());
        // a b a b a c x | x y z x: eleven words, six different; three pairs "a b" "a b" "a c", two different.
        assertEquals(6.0 / 11, report.diversity().distinct1(), 1e-15);
        assertEquals(2.0 / 3, report.diversity().distinct2(), 1e-15);
        assertNull(report.diversity().distinct3());
        assertEquals(SelfBleu.ofPrompts(PROMPTS.stream().map(PromptSamples::texts).toList()).orElseThrow(), report.diversity().selfBleuPrompt());
        assertEquals(new Counts(2, 8, 24), report.counts());
    }

    @Test
    void entropyIsAMeanOverTokensNotOverSamples() {
        List<Sample> samples = List.of(new Sample("a b c", 3, true, 1.0), new Sample("a", 1, false, 0.0), new Sample("", 0, false, 0.0),
                new Sample("b", 4, true, 0.25));
        EvaluationReport report = Evaluator.evaluate(Optional.empty(), List.of(new PromptSamples("p", Map.of(), samples)), FOUR, List.of());
        assertEquals(0.5, report.diversity().entropy(), 1e-15);
        assertEquals(new ResponseLength(2, 0, 4, 0.5), report.length());
    }

    @Test
    void oneGreedySampleOfNothingLeavesOutWhatIsNotDefined() {
        EvaluationReport report = Evaluator.evaluate(Optional.empty(),
                List.of(new PromptSamples("p", Map.of(), List.of(new Sample("", 0, false, 0)))),
                SamplerSettings.defaults().with(c -> c.temperature(0).maxNewTokens(8)), List.of());
        assertEquals(new Diversity(null, null, null, null, null, null, null), report.diversity());
    }

    @Test
    void repetitionCompressesAndVarietyDoesNot() {
        List<String> repeated = java.util.Collections.nCopies(200, "the same sentence again");
        List<String> varied = new ArrayList<>();
        java.util.Random random = new java.util.Random(1);
        for (int i = 0; i < 200; i++) {
            varied.add(Long.toString(random.nextLong(), 36));
        }
        assertTrue(CompressionRatio.of(repeated).orElseThrow() > 40);
        assertTrue(CompressionRatio.of(varied).orElseThrow() < 2);
        assertTrue(CompressionRatio.of(List.of("", "")).isEmpty());
    }

    @Test
    void aReportNamesModelFilesAndRows() throws IOException {
        EvaluatedRows rows = EvaluatedRows.of(List.of(new Origin("a.jsonl", "0a"), new Origin("b.jsonl", "0b")), List.of(9L, 1L, 2L, 3L, 7L));
        EvaluationReport report = Evaluator.evaluate(Optional.empty(), PROMPTS, FOUR, List.of()).of(new Origin("runs/model", "0c"), rows);
        JsonNode json = new ObjectMapper().readTree(report.toJson());
        assertEquals("{\"path\":\"runs/model\",\"sha256\":\"0c\"}", json.get("model").toString());
        assertEquals("1-3, 7, 9", json.get("data").get("rows").textValue());
        assertEquals("0b", json.get("data").get("files").get(1).get("sha256").textValue());
        assertEquals(report, EvaluationReport.parse(report.toJson()));
        assertEquals("", EvaluatedRows.of(List.of(), List.of()).rows());
    }

    @Test
    void reportsComeBackFromJsonAsTheyWere(@TempDir Path directory) {
        for (EvaluationReport report : List.of(Evaluator.evaluate(Optional.of(new StartsWith()), PROMPTS, FOUR, List.of(1, 4)),
                Evaluator.evaluate(Optional.empty(), PROMPTS, FOUR, List.of()))) {
            report.write(directory.resolve("report.json"));
            assertEquals(report, EvaluationReport.read(directory.resolve("report.json")));
        }
    }

    @Test
    void jsonHasSnakeCaseNamesInAFixedOrder() throws IOException {
        JsonNode json = new ObjectMapper().readTree(Evaluator.evaluate(Optional.of(new StartsWith()), PROMPTS, FOUR, List.of(4, 1)).toJson());
        assertEquals(List.of("model", "data", "task", "sampler", "counts", "quality", "diversity", "length"), names(json));
        assertEquals(List.of("temperature", "top_k", "top_p", "min_p", "repetition_penalty", "stop_strings", "max_new_tokens", "n", "seed"),
                names(json.get("sampler")));
        assertEquals(List.of("prompts", "samples", "tokens"), names(json.get("counts")));
        assertEquals(List.of("accuracy", "pass_at_k", "distinct_correct"), names(json.get("quality")));
        assertEquals(List.of("1", "4"), names(json.get("quality").get("pass_at_k")));
        assertEquals(List.of("self_bleu_set", "self_bleu_prompt", "distinct_1", "distinct_2", "distinct_3", "entropy", "compression_ratio"),
                names(json.get("diversity")));
        assertEquals(List.of("mean_tokens", "min_tokens", "max_tokens", "ended"), names(json.get("length")));
    }

    @Test
    void aMalformedReportIsNamedWithItsLine(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("report.json");
        Files.writeString(file, "{\n  \"task\" : null,\n  \"sampler\" : oops\n}\n");
        String message = assertThrows(UserError.class, () -> EvaluationReport.read(file)).getMessage();
        assertTrue(message.startsWith(file + ":3: this is not an evaluation report: 'oops' is not a JSON value at line 3"), message);
        Files.writeString(file, "{\n  \"tusk\" : null\n}\n");
        message = assertThrows(UserError.class, () -> EvaluationReport.read(file)).getMessage();
        assertTrue(message.startsWith(file + ":3: this is not an evaluation report: key 'model' is missing"), message);
        Path missing = directory.resolve("none.json");
        assertEquals("no such file: " + missing + ". Check the path, or evaluate first.",
                assertThrows(UserError.class, () -> EvaluationReport.read(missing)).getMessage());
    }

    @Test
    void aReportThatDoesNotTellAllOfTheSamplerIsReadAsWithoutIt() {
        String json = Evaluator.evaluate(Optional.empty(), PROMPTS, FOUR, List.of()).toJson();
        String old = json.replaceAll("(?m)^ *\"(min_p|repetition_penalty|stop_strings|max_new_tokens)\".*\n", "");
        assertEquals(4, json.lines().count() - old.lines().count());
        assertEquals(FOUR, EvaluationReport.parse(json).sampler());
        assertEquals(SamplerSettings.defaults().with(c -> c.temperature(0.7).topP(0.95).n(4).seed(11)),
                EvaluationReport.parse(old).sampler());
        String without = json.replaceFirst("(?m)^ *\"top_p\".*\n", "");
        assertTrue(assertThrows(UserError.class, () -> EvaluationReport.parse(without)).getMessage().contains("key 'top_p' is missing"));
    }

    @Test
    void aKAboveNIsRefusedWithWhatToChange() {
        assertEquals("pass@8 needs k from 1 to n = 4, the samples drawn for each prompt. Raise n, or leave out k = 8.",
                assertThrows(UserError.class, () -> Evaluator.evaluate(Optional.of(new StartsWith()), PROMPTS, FOUR, List.of(1, 8))).getMessage());
    }

    @Test
    void noPromptsAreRefused() {
        assertEquals("nothing to evaluate: no prompts. Is the evaluated file empty, or the limit on prompts 0?",
                assertThrows(UserError.class, () -> Evaluator.evaluate(Optional.empty(), List.of(), FOUR, List.of())).getMessage());
    }

    @Test
    void aTaskThatFailsIsNamedWithThePromptAndTheResponse() {
        List<PromptSamples> prompts = List.of(prompt("a", "2", "4", "6", "8"), prompt("a", "2", "two", "6", "8"));
        String message = assertThrows(UserError.class, () -> Evaluator.evaluate(Optional.of(new TasksTest.Even()), prompts, FOUR, List.of()))
                .getMessage();
        assertEquals("task 'even' (io.softq4j.evaluation.TasksTest$Even) failed on prompt 2, response 'two': java.lang.NumberFormatException: "
                + "For input string: \"two\". A task must give an answer for any text.", message);
    }

    @Test
    void aRecordThatTheTaskCannotJudgeIsNamedByItsNumber() {
        PromptSamples without = new PromptSamples("p", Map.of("other", "x"), PROMPTS.get(0).samples());
        String message = assertThrows(UserError.class, () -> Evaluator.evaluate(Optional.of(new StartsWith()), List.of(PROMPTS.get(0), without),
                FOUR, List.of())).getMessage();
        assertTrue(message.startsWith("prompt 2: task 'starts_with' needs the field 'first' of each record; fields present: other."), message);
    }

    @Test
    void valuesOutOfRangeAreRefused() {
        assertEquals("entropy is NaN nats, must be finite and at least 0",
                assertThrows(IllegalArgumentException.class, () -> new Sample("a", 1, true, Double.NaN)).getMessage());
        assertEquals(0, new Sample("a", 1, true, -1e-7).entropy(), "rounding");
        assertThrows(IllegalArgumentException.class, () -> new Sample("a", 1, true, -0.1));
        assertEquals("top_p is 0.0, must be above 0 and at most 1",
                assertThrows(IllegalArgumentException.class,
                        () -> SamplerSettings.defaults().with(c -> c.topP(0).maxNewTokens(8))).getMessage());
        assertEquals("temperature is -1.0, must be finite and at least 0",
                assertThrows(IllegalArgumentException.class,
                        () -> SamplerSettings.defaults().with(c -> c.temperature(-1).maxNewTokens(8))).getMessage());
        assertEquals("no samples for the prompt 'p'",
                assertThrows(IllegalArgumentException.class, () -> new PromptSamples("p", Map.of(), List.of())).getMessage());
    }

    private static List<String> names(JsonNode node) {
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
