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

    private static Item prompt(String first, String... texts) {
        return new Item("begin with " + first, Map.of("first", first), Arrays.stream(texts).map(text -> new Sample(text, 3, true, 0.5))
                .toList());
    }

    private static final List<Item> PROMPTS = List.of(prompt("a", "a b", "a  b ", "a c", "x"), prompt("b", "x", "y", "z", "x"));

    private static EvaluationReport judge(List<Metric> metrics, List<Item> items) {
        return Evaluator.judge(metrics, items, FOUR, 1).report();
    }

    @Test
    void qualityCountsCorrectAndDistinctCorrectResponses() {
        EvaluationReport report = judge(TaskMetrics.of(new StartsWith(), List.of(1, 2, 4)), PROMPTS);
        assertEquals(List.of("accuracy", "pass@1", "pass@2", "pass@4", "distinct_correct"), report.metrics().stream().map(MetricResult::name).toList());
        assertEquals(3.0 / 8, report.value("accuracy"));
        assertEquals(1, report.value("distinct_correct"), "'a b' twice and 'a c' are two, none for the second prompt");
        assertEquals(3.0 / 8, report.value("pass@1"), 1e-15);
        assertEquals(0.5, report.value("pass@2"), 1e-15);
        assertEquals(0.5, report.value("pass@4"), 1e-15);
    }

    @Test
    void aSampleIsRightIfItIsForOneOfTheRecordsThatHaveThePrompt() {
        List<Sample> samples = List.of(new Sample("a b", 3, true, 0.5), new Sample("b c", 3, true, 0.5), new Sample("x", 3, true, 0.5),
                new Sample("b c", 3, true, 0.5));
        Item both = new Item("p", List.of(), List.of(Map.of("first", "a"), Map.of("first", "b")), samples, List.of());
        EvaluationReport report = judge(TaskMetrics.of(new StartsWith(), List.of(1)), List.of(both));
        assertEquals(0.75, report.value("accuracy"));
        assertEquals(2, report.value("distinct_correct"));
        assertEquals(1, report.counts().prompts());
    }

    @Test
    void diversityIsMeasuredWithoutATask() {
        EvaluationReport report = judge(Metrics.ofDiversity(4), PROMPTS);
        // a b a b a c x | x y z x: eleven words, six different; three pairs "a b" "a b" "a c", two different.
        assertEquals(6.0 / 11, report.value("distinct_1"), 1e-15);
        assertEquals(2.0 / 3, report.value("distinct_2"), 1e-15);
        assertNull(report.metric("distinct_3").orElseThrow().value());
        assertEquals(SelfBleu.ofPrompts(PROMPTS.stream().map(Item::texts).toList()).orElseThrow(), report.value("self_bleu_prompt"), 1e-12);
        assertEquals(new Counts(2, 0, 8, 24), report.counts());
    }

    @Test
    void entropyIsAMeanOverTokensNotOverSamples() {
        List<Sample> samples = List.of(new Sample("a b c", 3, true, 1.0), new Sample("a", 1, false, 0.0), new Sample("", 0, false, 0.0),
                new Sample("b", 4, true, 0.25));
        EvaluationReport report = judge(Metrics.ofDiversity(4), List.of(new Item("p", Map.of(), samples)));
        assertEquals(0.5, report.value("token_entropy"), 1e-15);
        assertEquals(2, report.value("length"));
        assertEquals(0.5, report.value("ended"));
    }

    @Test
    void oneGreedySampleOfNothingLeavesOutWhatIsNotDefined() {
        EvaluationReport report = judge(Metrics.ofDiversity(1), List.of(new Item("p", Map.of(), List.of(new Sample("", 0, false, 0)))));
        assertEquals(List.of("length", "ended"), report.metrics().stream().filter(metric -> metric.value() != null).map(MetricResult::name).toList());
    }

    @Test
    void whatAMetricNeedsIsAskedForBeforeItJudges() {
        UserError e = assertThrows(UserError.class, () -> judge(Metrics.named(List.of("length")), List.of(
                new Item("p", List.of("r"), List.of(Map.of()), List.of(Sample.of("from elsewhere")), List.of()))));
        assertTrue(e.getMessage().startsWith("metric 'length' needs samples drawn here"), e.getMessage());
    }

    @Test
    void namesAndOptionsThatAreNotThereAreRefusedWithWhatIsMeant() {
        assertTrue(assertThrows(UserError.class, () -> Metrics.named(List.of("distint"))).getMessage().contains("Did you mean 'distinct'?"));
        assertTrue(assertThrows(UserError.class, () -> Metrics.named(List.of(Map.of("distinct", Map.of("m", 2))))).getMessage()
                .contains("has no option m; it has n."));
        assertThrows(UserError.class, () -> Metrics.named(List.of(Map.of("distinct", Map.of("n", List.of(0))))));
        assertThrows(UserError.class, () -> Metrics.named(List.of(Map.of("distinct", 2))));
        assertEquals(List.of("distinct_2", "distinct_1"), Metrics.named(List.of(Map.of("distinct", Map.of("n", List.of(2))),
                Map.of("distinct", Map.of("n", 1)))).stream().map(Metric::name).toList());
    }

    @Test
    void theIntervalOfAMeanIsTheBootstrapsAndTheSameForTheSameSeed() {
        List<Item> items = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            items.add(prompt(i % 4 == 0 ? "x" : "y", "x"));
        }
        MetricResult accuracy = judge(TaskMetrics.of(new StartsWith(), List.of()), items).metric("accuracy").orElseThrow();
        double half = 1.96 * Math.sqrt(0.25 * 0.75 / 400);
        assertEquals(0.25, accuracy.value());
        assertEquals(0.25 - half, accuracy.low(), 0.006);
        assertEquals(0.25 + half, accuracy.high(), 0.006);
        assertEquals(accuracy, judge(TaskMetrics.of(new StartsWith(), List.of()), items).metric("accuracy").orElseThrow());
    }

    @Test
    void referencesStandBesideWhatIsMeasuredOnTexts() {
        List<Sample> samples = List.of(Sample.of("a a"), Sample.of("a a"));
        Item item = new Item("p", List.of("b c", "d e", "f f f"), List.of(Map.of()), samples, List.of());
        MetricResult distinct = judge(Metrics.named(List.of(Map.of("distinct", Map.of("n", 1)))), List.of(item)).metric("distinct_1").orElseThrow();
        assertEquals(0.25, distinct.value());
        assertEquals(1, distinct.references(), "as many references as there are samples");
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
        EvaluationReport report = judge(Metrics.ofDiversity(4), PROMPTS).of(new Origin("runs/model", "0c"), rows);
        JsonNode json = new ObjectMapper().readTree(report.toJson());
        assertEquals("{\"path\":\"runs/model\",\"sha256\":\"0c\"}", json.get("model").toString());
        assertEquals("1-3, 7, 9", json.get("data").get("rows").textValue());
        assertEquals("0b", json.get("data").get("files").get(1).get("sha256").textValue());
        assertEquals(report, EvaluationReport.parse(report.toJson()));
        assertEquals("", EvaluatedRows.of(List.of(), List.of()).rows());
    }

    @Test
    void reportsComeBackFromJsonAsTheyWere(@TempDir Path directory) {
        for (EvaluationReport report : List.of(judge(TaskMetrics.of(new StartsWith(), List.of(1, 4)), PROMPTS),
                judge(Metrics.ofDiversity(4), PROMPTS))) {
            report.write(directory.resolve("report.json"));
            assertEquals(report, EvaluationReport.read(directory.resolve("report.json")));
        }
    }

    @Test
    void jsonHasSnakeCaseNamesInAFixedOrder() throws IOException {
        JsonNode json = new ObjectMapper().readTree(judge(TaskMetrics.of(new StartsWith(), List.of(1, 4)), PROMPTS).toJson());
        assertEquals(List.of("model", "data", "sampler", "counts", "metrics"), names(json));
        assertEquals(List.of("temperature", "top_k", "top_p", "min_p", "repetition_penalty", "stop_strings", "max_new_tokens", "n", "seed"),
                names(json.get("sampler")));
        assertEquals(List.of("prompts", "references", "samples", "tokens"), names(json.get("counts")));
        assertEquals(List.of("name", "value", "low", "high", "direction", "references", "signature"), names(json.get("metrics").get(0)));
    }

    @Test
    void aMalformedReportIsNamedWithItsLine(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("report.json");
        Files.writeString(file, "{\n  \"model\" : null,\n  \"sampler\" : oops\n}\n");
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
        String json = judge(Metrics.ofDiversity(4), PROMPTS).toJson();
        String old = json.replaceAll("(?m)^ *\"(min_p|repetition_penalty|stop_strings|max_new_tokens)\".*\n", "");
        assertEquals(4, json.lines().count() - old.lines().count());
        assertEquals(FOUR, EvaluationReport.parse(json).sampler());
        assertEquals(SamplerSettings.defaults().with(c -> c.temperature(0.7).topP(0.95).n(4).seed(11)),
                EvaluationReport.parse(old).sampler());
        String without = json.replaceFirst("(?m)^ *\"top_p\".*\n", "");
        assertTrue(assertThrows(UserError.class, () -> EvaluationReport.parse(without)).getMessage().contains("key 'top_p' is missing"));
    }

    @Test
    void aPromptWithFewerSamplesThanKHasNoPassAtK() {
        assertNull(judge(TaskMetrics.of(new StartsWith(), List.of(8)), PROMPTS).metric("pass@8").orElseThrow().value());
    }

    @Test
    void noPromptsAreRefused() {
        assertEquals("nothing to evaluate: no prompts. Is the evaluated file empty, or the limit on prompts 0?",
                assertThrows(UserError.class, () -> judge(Metrics.ofDiversity(4), List.of())).getMessage());
    }

    @Test
    void aTaskThatFailsIsNamedWithThePromptAndTheResponse() {
        List<Item> prompts = List.of(prompt("a", "2", "4", "6", "8"), prompt("a", "2", "two", "6", "8"));
        String message = assertThrows(UserError.class, () -> judge(TaskMetrics.of(new TasksTest.Even(), List.of()), prompts)).getMessage();
        assertEquals("task 'even' (io.softq4j.evaluation.TasksTest$Even) failed on the prompt 'begin with a', response 'two': java.lang.NumberFormatException: "
                + "For input string: \"two\". A task must give an answer for any text.", message);
    }

    @Test
    void aRecordThatTheTaskCannotJudgeIsNamedByItsNumber() {
        Item without = new Item("p", Map.of("other", "x"), PROMPTS.get(0).samples());
        String message = assertThrows(UserError.class, () -> judge(TaskMetrics.of(new StartsWith(), List.of()), List.of(PROMPTS.get(0), without))).getMessage();
        assertTrue(message.startsWith("prompt 'p': task 'starts_with' needs the field 'first' of each record; fields present: other."), message);
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
    }

    private static List<String> names(JsonNode node) {
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
