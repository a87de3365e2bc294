package io.softq4j.workflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.common.Output;
import io.softq4j.common.UserError;
import io.softq4j.evaluation.EvaluationReport;
import io.softq4j.evaluation.Item;
import io.softq4j.evaluation.Judgement;
import io.softq4j.evaluation.Likelihood;
import io.softq4j.evaluation.Metrics;
import io.softq4j.evaluation.SampleMetric;
import io.softq4j.generation.DecodingSession;
import io.softq4j.tokens.Tokenizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A model is judged by samples, by likelihoods, or not at all: texts of others are. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EvaluationTest {

    @TempDir
    private static Path directory;

    private Path corpus;
    private Path model;
    private Configuration configuration;

    @BeforeAll
    void train() throws IOException {
        corpus = Files.writeString(directory.resolve("c.jsonl"), """
                {"prompt": "say a:", "references": [" a", " \u00e4 or a longer one"]}
                {"prompt": "say b, please:", "references": [" b"]}
                {"prompt": "say c:", "references": [" c c", " c", " c"]}
                """);
        configuration = Configuration.defaults().data(c -> c.train(List.of(corpus.toString())).maxLength(48))
                .tokenizer(c -> c.vocabSize(262)).model(c -> c.nPositions(48).nEmbd(8).nLayer(2).nHead(2)).objective(c -> c.lambda(0))
                .training(c -> c.maxSteps(8).learningRate(1e-2).warmupSteps(0).perDeviceTrainBatchSize(4)).generation(c -> c.maxNewTokens(4))
                .evaluation(c -> c.data(corpus.toString()).samples(2).temperatures(List.of(1.0)));
        model = new Train(configuration).run(directory.resolve("run")).model();
    }

    private Configuration measuring(Object... metrics) {
        return configuration.evaluation(c -> c.metrics(List.of(metrics)));
    }

    @Test
    void likelihoodsAreThoseOfOneTokenAfterTheOtherInFloat64EndIncluded() {
        Judgement judged = new Evaluation(measuring("nll", "perplexity", "bits_per_byte", "token_accuracy")).judge(model).get(0);
        double nll = 0;
        long tokens = 0;
        long bytes = 0;
        long correct = 0;
        try (ModelDirectory directory = ModelDirectory.open(model); DecodingSession session = DecodingSession.of(directory.model(), 48, 1)) {
            for (Item item : judged.items()) {
                for (int r = 0; r < item.references().size(); r++) {
                    Likelihood expected = byHand(session, directory.tokenizer(), item.prompt(), item.references().get(r));
                    Likelihood seen = item.likelihoods().get(r);
                    assertEquals(expected.nll(), seen.nll(), 1e-4 * expected.nll());
                    assertEquals(List.of(expected.tokens(), expected.bytes(), expected.correct()), List.of(seen.tokens(), seen.bytes(), seen.correct()));
                    nll += expected.nll();
                    tokens += expected.tokens();
                    bytes += expected.bytes();
                    correct += expected.correct();
                }
            }
        }
        EvaluationReport report = judged.report();
        assertEquals(nll / tokens, report.value("nll"), 1e-5);
        assertEquals(Math.exp(nll / tokens), report.value("perplexity"), 1e-2);
        assertEquals(nll / Math.log(2) / bytes, report.value("bits_per_byte"), 1e-5);
        assertEquals((double) correct / tokens, report.value("token_accuracy"), 1e-12);
        assertNull(report.sampler());
        assertEquals(0, report.counts().samples());
        assertEquals(6, report.counts().references());
    }

    private static Likelihood byHand(DecodingSession session, Tokenizer tokenizer, String prompt, String reference) {
        int[] before = tokenizer.encode(prompt);
        int[] written = tokenizer.encode(reference);
        int[] ids = IntStream.concat(IntStream.concat(IntStream.of(before), IntStream.of(written)), IntStream.of(tokenizer.eosId())).toArray();
        double nll = 0;
        int correct = 0;
        session.start(0, before);
        float[] logits = new float[session.vocabulary()];
        for (int t = session.length(0); t + 1 < ids.length; t++) {
            session.feed(0, ids[t]);
            session.step();
            if (t + 1 < before.length) {
                continue;
            }
            session.logits(0, logits);
            double sum = 0;
            double most = Double.NEGATIVE_INFINITY;
            for (float z : logits) {
                sum += Math.exp(z);
                most = Math.max(most, z);
            }
            nll += Math.log(sum) - logits[ids[t + 1]];
            correct += logits[ids[t + 1]] == most ? 1 : 0;
        }
        return new Likelihood(nll, written.length + 1, reference.getBytes(StandardCharsets.UTF_8).length, correct);
    }

    @Test
    void samplesAreJudgedAgainstTheReferencesOfEveryRow() throws IOException {
        Path out = directory.resolve("reports");
        Judgement judged = new Evaluation(measuring("bleu", "f1", "nll")).writing(Output.at(out)).judge(model).get(0);
        assertEquals(List.of(List.of(" a", " \u00e4 or a longer one"), List.of(" b"), List.of(" c c", " c", " c")),
                judged.items().stream().map(Item::references).toList());
        assertEquals(List.of("bleu", "f1", "nll"), judged.report().metrics().stream().map(metric -> metric.name()).toList());
        List<String> lines = Files.readAllLines(out.resolve("samples-1.0.jsonl"));
        assertEquals(6, lines.size());
        assertTrue(lines.get(0).contains("\"scores\":{\"bleu\":") && lines.get(0).contains("\"nll\":"), lines.get(0));
    }

    @Test
    void whatTheRowsLackIsRefusedBeforeTheModelIsRead() throws IOException {
        Path prompts = Files.writeString(directory.resolve("prompts.jsonl"), "{\"prompt\": \"say a:\"}\n");
        Path broken = directory.resolve("broken");
        Files.createDirectories(broken);
        for (String file : List.of("config.json", "tokenizer.json", "tokenizer_config.json", "softq.yaml")) {
            Files.copy(model.resolve(file), broken.resolve(file));
        }
        UserError refused = assertThrows(UserError.class,
                () -> new Evaluation(measuring("bleu").evaluation(c -> c.data(prompts.toString()))).judge(broken));
        assertEquals("metric 'bleu' needs references, and none of the 1 items has that. Leave it out of evaluation.metrics, or give what it needs.",
                refused.getMessage());
    }

    @Test
    void aTaskMayBeAShortNameForMetricsOfWhichThoseAreMeasuredThatTheItemsAllow() {
        List<String> names = new Evaluation(configuration.evaluation(c -> c.task("chat").samples(1).metrics(List.of("length")))).judge(model).get(0)
                .report().metrics().stream().map(metric -> metric.name()).toList();
        assertTrue(names.containsAll(List.of("length", "rougeL", "chrf", "distinct_1", "ended")), names.toString());
        assertFalse(names.contains("self_bleu_prompt"), "one sample of a prompt has none beside it");
        UserError unknown = assertThrows(UserError.class, () -> new Evaluation(configuration.evaluation(c -> c.task("summarisation"))).judge(model));
        assertTrue(unknown.getMessage().contains("summarization"), unknown.getMessage());
    }

    @Test
    void pAtMoreThanTheSamplesIsThatOfTheSamples() {
        EvaluationReport report = new Evaluation(configuration.evaluation(c -> c.task("exact_match:prompt").passAtK(List.of(1, 9)))).run(model).get(0);
        assertTrue(report.metric("pass@2").isPresent() && report.metric("pass@9").isEmpty(), report.toJson());
    }

    @Test
    void kOfAMetricOfItsOwnIsBroughtDownToTheSamplesToo() throws IOException {
        Map<String, Object> asked = Map.of("pass@k", Map.of("task", "exact_match:prompt", "k", List.of(1, 9)));
        EvaluationReport report = new Evaluation(measuring(asked)).run(model).get(0);
        assertEquals(List.of("pass@1", "pass@2"), report.metrics().stream().map(metric -> metric.name()).toList());
        EvaluationReport texts = predicted("{\"prompt\": \"p\", \"text\": \"x\"}\n{\"prompt\": \"p\", \"text\": \"p\"}\n", null, asked).report();
        assertEquals(1.0, texts.value("pass@2"));
        assertTrue(Evaluation.table(List.of(texts)).contains("\n1 prompt, 0 references, 2 samples"), Evaluation.table(List.of(texts)));
    }

    /** Fails whenever it is called. */
    public static final class Kaboom implements SampleMetric {
        @Override
        public String name() {
            return "kaboom";
        }

        @Override
        public double value(Item item, String text) {
            throw new IllegalStateException("kaboom");
        }
    }

    @Test
    void aMetricThatFailsIsFoundOutBeforeAnythingIsSampled() throws IOException {
        UserError refused = assertThrows(UserError.class, () -> new Evaluation(measuring(Kaboom.class.getName())).run(model));
        assertTrue(refused.getMessage().contains("tried before anything is sampled") && refused.getMessage().contains("the prompt 'say a:'"),
                refused.getMessage());
        assertRefused("metric 'kaboom' (" + Kaboom.class.getName() + ") failed while it judged the prompt 'p'",
                "{\"prompt\": \"p\", \"text\": \"x\"}\n", null, Kaboom.class.getName());
    }

    private Judgement predicted(String text, String data, Object... metrics) throws IOException {
        Path file = Files.writeString(directory.resolve("predicted.jsonl"), text);
        return new Evaluation(Configuration.defaults().evaluation(c -> c.data(data).metrics(List.of(metrics)))).judgePredictions(file);
    }

    @Test
    void textsOfOthersGoToTheirPromptsByPromptByRowOrInOrder() throws IOException {
        List<List<String>> expected = List.of(List.of("x"), List.of("y"), List.of("z"));
        String data = corpus.toString();
        for (String lines : List.of(
                "{\"prompt\": \"say c:\", \"prediction\": \"z\"}\n{\"prompt\": \"say a:\", \"text\": \"x\"}\n{\"prompt\": \"say b, please:\", \"response\": \"y\"}\n",
                "{\"row\": 1, \"text\": \"y\"}\n{\"row\": 0, \"text\": \"x\"}\n{\"row\": 2, \"text\": \"z\"}\n",
                "{\"predictions\": [\"x\"]}\n{\"predictions\": [\"y\"]}\n{\"predictions\": [\"z\"]}\n")) {
            Judgement judged = predicted(lines, data, "bleu");
            assertEquals(expected, judged.items().stream().map(Item::texts).toList());
            assertNull(judged.report().sampler());
            assertEquals("predicted.jsonl", Path.of(judged.report().model().path()).getFileName().toString());
        }
    }

    @Test
    void textsThatFitNoPromptAreNamedByTheirLines() {
        String data = corpus.toString();
        String rest = "{\"prompt\": \"say a:\", \"text\": \"x\"}\n{\"prompt\": \"say b, please:\", \"text\": \"y\"}\n";
        assertRefused("1 of 4 rows are for no prompt of the data, matched by their prompts: predicted.jsonl:4",
                rest + "{\"prompt\": \"say c:\", \"text\": \"x\"}\n{\"prompt\": \"say d:\", \"text\": \"x\"}\n", data);
        assertRefused("has no text for 1 of the 3 prompts, matched by their prompts: c.jsonl:3", rest, data);
        assertRefused("has 2 rows, and they do not say their prompt (prompt) or the row they are for (row). In order they would have to be 3",
                "{\"text\": \"x\"}\n{\"text\": \"y\"}\n", data);
        assertRefused("predicted.jsonl:1: no text to judge. A row has it in one of [predictions, prediction, text, response]", "{\"answer\": \"x\"}\n", null);
        assertRefused("metric 'nll' needs a model that can be asked", "{\"text\": \"x\", \"references\": [\"y\"]}\n", null, "nll");
    }

    private void assertRefused(String message, String lines, String data, Object... metrics) {
        UserError refused = assertThrows(UserError.class, () -> predicted(lines, data, metrics));
        assertTrue(refused.getMessage().contains(message), refused.getMessage());
    }

    @Test
    void samplesThatWereWrittenHereAreJudgedAgainToTheSameValues() throws IOException {
        Path out = directory.resolve("again");
        EvaluationReport first = new Evaluation(measuring("bleu", "chrf", "length", "token_entropy")).writing(Output.at(out)).run(model).get(0);
        EvaluationReport again = predicted(Files.readString(out.resolve("samples-1.0.jsonl")), null, "bleu", "chrf", "length", "token_entropy").report();
        assertEquals(first.metrics(), again.metrics());
        assertEquals(first.counts(), again.counts());
    }

    @Test
    void rowsWithOnePromptAreOneItemWithAllTheirTextsAndReferences() throws IOException {
        Judgement judged = predicted("{\"prompt\": \"p\", \"text\": \"x\", \"references\": [\"r\"]}\n{\"prompt\": \"p\", \"text\": \"y\", \"references\": [\"s\"]}\n"
                + "{\"prompt\": \"q\", \"text\": \"y\", \"references\": [\"r\"]}\n{\"prompt\": \"q\", \"text\": \"z\", \"references\": [\"r\"]}\n", null, "bleu");
        assertEquals(List.of(List.of("x", "y"), List.of("y", "z")), judged.items().stream().map(Item::texts).toList());
        assertEquals(List.of(List.of("r", "s"), List.of("r")), judged.items().stream().map(Item::references).toList());
    }

    private static String answered(String reference) {
        return "{\"prompt\": \"p\", \"text\": \"x\", \"references\": [" + reference + "]}\n";
    }

    @Test
    void equalListsOfReferencesCountOnceInWhateverOrderTheirRowsStand() throws IOException {
        String a = answered("\"a\"");
        String b = answered("\"b\"");
        for (String lines : List.of(a + a + b, a + b + a, b + a + a)) {
            assertEquals(List.of("a", "b"), predicted(lines, null, "bleu").items().get(0).references().stream().sorted().toList());
        }
        String twice = answered("\"a\", \"a\"");
        assertEquals(List.of("b", "a", "a"), predicted(b + twice + b + twice, null, "bleu").items().get(0).references());
    }

    @Test
    void referencesBesideTextsThatAreNoTextsOrInAColumnThatIsNotThereAreRefused() throws IOException {
        for (String list : List.of("\"x\",{\"t\":1}", "true,[\"z\"]", "{\"t\":1}")) {
            assertRefused("predicted.jsonl:2: field \"references\" is [" + list + "]; expected a text or a list of texts", answered("\"a\"") + answered(list), null);
        }
        Path file = Files.writeString(directory.resolve("columns.jsonl"), "{\"text\": \"x\", \"r0\": \"a\"}\n{\"text\": \"x\", \"r1\": \"b\"}\n");
        UserError refused = assertThrows(UserError.class, () -> new Evaluation(Configuration.defaults().data(c -> c.references(List.of("r0", "r1", "r99"))))
                .judgePredictions(file));
        assertTrue(refused.getMessage().startsWith("data.references names [r99], and no row of "), refused.getMessage());
        assertEquals(List.of(List.of("a"), List.of("b")), new Evaluation(Configuration.defaults().data(c -> c.references(List.of("r0", "r1")))
                .evaluation(c -> c.metrics(List.of("bleu")))).judgePredictions(file).items().stream().map(Item::references).toList());
    }

    @Test
    void textsInOrderAreThoseOfAllPromptsOfWhichSomeAreDrawn() throws IOException {
        Path data = Files.writeString(directory.resolve("twenty.jsonl"), rows(20, i -> "{\"prompt\": \"p" + i % 18 + "\", \"completion\": \"r" + i + "\"}"));
        Configuration five = Configuration.defaults().evaluation(c -> c.data(data.toString()).prompts(5).metrics(List.of("bleu")));
        Path some = Files.writeString(directory.resolve("five.jsonl"), rows(5, i -> "{\"text\": \"t" + i + "\"}"));
        UserError refused = assertThrows(UserError.class, () -> new Evaluation(five).judgePredictions(some));
        assertTrue(refused.getMessage().contains("In order they would have to be 18, one for each different prompt, or 20, one for each row of the data, since "
                + "evaluation.prompts draws 5 prompts and not the first. Give each row its prompt or row, or set evaluation.prompts to 0"), refused.getMessage());
        for (int given : List.of(18, 20)) {
            Path all = Files.writeString(directory.resolve("all.jsonl"), rows(given, i -> "{\"text\": \"t" + i % 18 + "\"}"));
            List<Item> items = new Evaluation(five).judgePredictions(all).items();
            assertEquals(5, items.size());
            items.forEach(item -> assertTrue(item.texts().stream().allMatch(text -> text.equals(item.prompt().replace('p', 't'))), item.toString()));
        }
        assertEquals(18, new Evaluation(five.evaluation(c -> c.prompts(18))).judgePredictions(directory.resolve("all.jsonl")).items().size());
    }

    private static String rows(int count, IntFunction<String> row) {
        return IntStream.range(0, count).mapToObj(i -> row.apply(i) + "\n").collect(Collectors.joining());
    }

    @Test
    void aTableIsAtMostAHundredColumnsWide() {
        List<EvaluationReport> reports = new ArrayList<>(new Evaluation(configuration.evaluation(c -> c.metrics(List.of("bleu", "chrf", "nll"))
                .temperatures(List.of(0.1, 0.3, 0.5, 0.7, 1.0, 1.3)))).run(model));
        String table = Evaluation.table(reports);
        assertTrue(table.lines().filter(line -> !line.startsWith("references:")).allMatch(line -> line.length() <= 100), table);
        for (String part : List.of("T=0.1", "T=1.3", "bleu \u2191", "nll \u2193", "percentile bootstrap over prompts", "bleu: nrefs:var|case:mixed")) {
            assertTrue(table.contains(part), table);
        }
        assertTrue(Metrics.all().size() > 10);
    }
}
