package io.softq4j.workflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.common.Output;
import io.softq4j.common.UserError;
import io.softq4j.config.ConfigFile;
import io.softq4j.evaluation.EvaluationReport;
import io.softq4j.generation.Completion;
import io.softq4j.generation.GenerationConfig;
import io.softq4j.objective.softq.SoftQConfig;
import io.softq4j.training.TrainingConfig;
import io.softq4j.training.TrainingResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an application does with this package: everything from code, no YAML. */
class ApplicationTest {

    @TempDir
    private Path directory;
    private Path corpus;
    private Configuration configuration;

    @BeforeEach
    void configure() throws IOException {
        corpus = Files.writeString(directory.resolve("c.jsonl"), """
                {"prompt": "say a:", "response": " a"}
                {"prompt": "say b:", "response": " b"}
                """.repeat(4));
        configuration = Configuration.defaults().data(c -> c.train(List.of(corpus.toString())).maxLength(16))
                .tokenizer(c -> c.vocabSize(262)).model(c -> c.nPositions(16).nEmbd(8).nLayer(1).nHead(2)).objective(c -> c.lambda(0))
                .training(c -> c.maxSteps(2).saveSteps(1).perDeviceTrainBatchSize(4)).generation(c -> c.maxNewTokens(4))
                .evaluation(c -> c.data(corpus.toString()).task("exact_match:response").samples(2));
    }

    private Path trained() {
        PreparedData.prepare(configuration, directory.resolve("data"));
        return new Train(configuration).data(directory.resolve("data")).run(directory.resolve("run")).model();
    }

    @Test
    void whatIsSetInCodeLiesOverAFileAndIsNotStatedOtherwise() throws IOException {
        Path yaml = Files.writeString(directory.resolve("c.yaml"), "training: {seed: 3, max_steps: 9}\nobjective: {gamma: 0.5}\n");
        ConfigFile config = Configuration.of(yaml).training(c -> c.seed(5)).set("training.max_steps=7").read();
        assertEquals(5, config.section(TrainingConfig.class).seed());
        assertEquals(7, config.section(TrainingConfig.class).maxSteps());
        assertEquals(0.5, config.section(SoftQConfig.class).gamma());
        assertFalse(config.states("training.learning_rate"));
    }

    @Test
    void mistakesOfCodeAndOfWhatIsMissingComeTogetherBeforeAnythingIsDone() {
        UserError refused = assertThrows(UserError.class, () -> new Train(Configuration.defaults().training(c -> c.learningRate(-1)))
                .from(new Start.Weights(directory.resolve("none"))).run(directory.resolve("run")));
        for (String part : List.of("set by the program: training: learning_rate must be", "there is no model directory", "no data: ")) {
            assertTrue(refused.getMessage().contains(part), refused.getMessage());
        }
        assertFalse(Files.exists(directory.resolve("run")));
    }

    @Test
    void aRunThatWasAskedToStopGoesOnToTheSameBitsWithoutBeingToldAgain() throws IOException {
        Path whole = trained();
        boolean[] stop = {false};
        Train train = new Train(configuration).data(directory.resolve("data")).stopWhen(() -> stop[0]);
        stop[0] = true;
        TrainingResult stopped = train.run(directory.resolve("again"));
        assertTrue(stopped.stopped());
        Path model = new Train(Configuration.defaults()).resume(directory.resolve("again")).model();
        assertEquals(-1, Files.mismatch(whole.resolve("model.safetensors"), model.resolve("model.safetensors")));
    }

    @Test
    void aRunIsReplacedWhenItIsForcedAndNotOtherwise() {
        trained();
        Train train = new Train(configuration).data(directory.resolve("data"));
        assertThrows(UserError.class, () -> train.run(directory.resolve("run")));
        assertEquals(2, train.run(Output.at(directory.resolve("run")).forced()).steps());
    }

    @Test
    void aRunWithAnObjectiveOfItsOwnNamesItAndGoesOnWithThatOnly() throws IOException {
        Path usual = trained();
        Path run = directory.resolve("own");
        ObjectiveMaker maker = (graph, settings, checkpointing) -> settings.over(graph, checkpointing);
        Path own = new Train(configuration).data(directory.resolve("data")).objective("the usual one", maker).run(run).model();
        assertEquals(-1, Files.mismatch(usual.resolve("model.safetensors"), own.resolve("model.safetensors")));
        assertTrue(Files.readString(own.resolve("README.md")).contains("the usual one"));
        UserError refused = assertThrows(UserError.class, () -> new Train(Configuration.defaults()).resume(run));
        assertTrue(refused.getMessage().contains("objective of the application: the usual one in the run, absent now"), refused.getMessage());
        assertEquals(3, new Train(Configuration.defaults().training(c -> c.maxSteps(3))).objective("the usual one", maker).resume(run).steps());
    }

    @Test
    void aPreparationIsNeverWrittenOverItsCorpus() {
        UserError refused = assertThrows(UserError.class, () -> PreparedData.prepare(configuration, Output.at(directory).forced(), WorkListener.NONE));
        assertTrue(refused.getMessage().contains(corpus + ", which is read"), refused.getMessage());
    }

    @Test
    void threadsThatShareAModelGetWhatEachWouldGetAlone() throws Exception {
        Path model = trained();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (TextGenerator generator = TextGenerator.open(model, Configuration.defaults().generation(c -> c.doSample(true).maxNewTokens(4)))) {
            GenerationConfig settings = generator.settings();
            List<Future<List<List<Completion>>>> asked = new ArrayList<>();
            List<List<List<Completion>>> alone = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                long seed = i % 3;
                List<String> prompts = List.of("say a:", i % 2 == 0 ? "say b:" : "x");
                asked.add(threads.submit(() -> generator.generate(prompts, settings.with(c -> c.seed(seed)))));
            }
            for (int i = 0; i < 12; i++) {
                long seed = i % 3;
                alone.add(generator.generate(List.of("say a:", i % 2 == 0 ? "say b:" : "x"), settings.with(c -> c.seed(seed))));
            }
            for (int i = 0; i < 12; i++) {
                assertEquals(texts(alone.get(i)), texts(asked.get(i).get()));
            }
            assertNotEquals(texts(alone.get(0)), texts(alone.get(1)));
            assertThrows(UserError.class, () -> generator.generate("x".repeat(100)));
            assertEquals(4, settings.maxNewTokens());
        } finally {
            threads.shutdownNow();
        }
    }

    private static List<List<String>> texts(List<List<Completion>> completions) {
        return completions.stream().map(all -> all.stream().map(Completion::text).toList()).toList();
    }

    @Test
    void anEvaluationWritesItsReportsWhenAllAreDone() throws IOException {
        Path model = trained();
        Path out = directory.resolve("reports");
        Evaluation evaluation = new Evaluation(configuration.evaluation(c -> c.temperatures(List.of(0.0, 1.0)))).writing(Output.at(out));
        List<EvaluationReport> reports = evaluation.run(model);
        assertEquals(List.of(0.0, 1.0), reports.stream().map(report -> report.sampler().temperature()).toList());
        assertEquals(reports.get(1), EvaluationReport.read(out.resolve("report-1.0.json")));
        assertEquals(4, Files.readAllLines(out.resolve("samples-0.0.jsonl")).size());
    }

    @Test
    void aChatNeedsATemplateAndTakesOneOfAFile() throws IOException {
        Path model = trained();
        Path template = Files.writeString(directory.resolve("t.jinja"), "{% for m in messages %}[{{ m['content'] }}]{% endfor %}");
        String refused = assertThrows(UserError.class, () -> Chat.open(model, Configuration.defaults(), Optional.empty(), Optional.empty())).getMessage();
        assertTrue(refused.startsWith(model + " has no chat template"), refused);
        try (Chat chat = Chat.open(model, Configuration.defaults().generation(c -> c.maxNewTokens(1)), Optional.of("s"),
                Optional.of(template.toString()))) {
            assertEquals(1, chat.say("a", piece -> { }).tokens());
            assertEquals(List.of("system", "user", "assistant"), chat.messages().stream().map(message -> message.fields().get("role")).toList());
        }
    }
}
