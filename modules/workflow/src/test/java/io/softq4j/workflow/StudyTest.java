package io.softq4j.workflow;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.common.Json;
import io.softq4j.common.UserError;
import io.softq4j.evaluation.EvaluationReport;
import io.softq4j.evaluation.Frontier;
import io.softq4j.evaluation.FrontierSize;
import io.softq4j.evaluation.Turn;
import io.softq4j.objective.LogitsObjective;
import io.softq4j.objective.softq.SoftQConfig;
import io.softq4j.sweep.Trial;
import io.softq4j.sweep.TrialRecord;
import io.softq4j.sweep.TrialStatus;
import io.softq4j.training.PlainProgress;
import io.softq4j.training.ProgressListener;
import io.softq4j.training.StepMetrics;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StudyTest {

    @TempDir
    private Path directory;

    @BeforeEach
    void prepare() throws IOException {
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < 24; i++) {
            char letter = "abcd".charAt(i % 4);
            rows.append("{\"prompt\": \"say ").append(letter).append(":\", \"response\": \" ").append(letter).append("\"}\n");
        }
        String corpus = Files.writeString(directory.resolve("c.jsonl"), rows).toString();
        PreparedData.prepare(config("data.train=" + corpus, "data.validation=" + corpus), directory.resolve("data"));
    }

    private static Configuration config(String... more) {
        List<String> settings = new ArrayList<>(List.of("data.max_length=16", "tokenizer.vocab_size=262",
                "model={n_positions: 16, n_embd: 8, n_layer: 1, n_head: 2}",
                "training={max_steps: 6, save_steps: 2, per_device_train_batch_size: 4, learning_rate: 1e-2, bucket_multiple: 4}",
                "generation.max_new_tokens=4", "evaluation={task: 'exact_match:response', samples: 2, prompts: 2, pass_at_k: [1]}"));
        settings.addAll(List.of(more));
        return Configuration.defaults().set(settings);
    }

    private StudyResult run(Path out, String sweep, Function<Trial, ProgressListener> progress) throws InterruptedException {
        return new Study(config("sweep=" + sweep)).data(directory.resolve("data")).title("title").training(progress).run(out);
    }

    /** Hears all, and is told of the updates that were done when training began, and of each step. */
    private static ProgressListener listener(List<Long> begun, long failingAt) {
        ProgressListener silent = new PlainProgress(line -> { }, 1e9);
        return (ProgressListener) Proxy.newProxyInstance(StudyTest.class.getClassLoader(), new Class<?>[] {ProgressListener.class}, (p, method, arguments) -> {
            if (method.getName().equals("started")) {
                begun.add((Long) arguments[0]);
            }
            if (method.getName().equals("step") && ((StepMetrics) arguments[0]).step() == failingAt) {
                throw new IllegalStateException("the power went off");
            }
            try {
                return method.invoke(silent, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        });
    }

    @Test
    void theTrialInProgressGoesOnFromItsCheckpointToTheSameBits() throws Exception {
        String sweep = "{parameters: {objective.lambda: [0, 0.1]}, seeds: [1]}";
        List<Long> begun = new ArrayList<>();
        StudyResult first = run(directory.resolve("stopped"), sweep, trial -> listener(begun, trial.index() == 1 ? 5 : -1));
        assertEquals(1, first.summary().count(TrialStatus.FAILED));
        StudyResult second = run(directory.resolve("stopped"), sweep, trial -> listener(begun, -1));
        assertEquals(List.of(0L, 0L, 4L), begun);
        StudyResult whole = run(directory.resolve("whole"), sweep, trial -> listener(begun, -1));
        assertEquals(whole.frontier(), second.frontier());
        String weights = whole.summary().trials().get(1).trial().name() + "/model/model.safetensors";
        assertArrayEquals(Files.readAllBytes(directory.resolve("whole").resolve(weights)),
                Files.readAllBytes(directory.resolve("stopped").resolve(weights)));
    }

    @Test
    void everyTrialTrainsTheApplicationsObjectiveOverItsOwnSettings() throws Exception {
        List<String> made = Collections.synchronizedList(new ArrayList<>());
        ObjectiveMaker maker = (graph, settings, checkpointing) -> {
            made.add(((SoftQConfig) settings).lambda() + "");
            return new LogitsObjective(graph, rows -> List.of(LogitsObjective.Term.of("surprise", rows.nll(), 1)), checkpointing);
        };
        Configuration config = config("sweep={parameters: {objective.lambda: [0, 0.1]}, seeds: [1]}");
        Path out = directory.resolve("own");
        StudyResult study = new Study(config).data(directory.resolve("data")).objective("surprise", maker).run(out);
        assertEquals(2, study.summary().count(TrialStatus.COMPLETE), study.summary().toString());
        assertEquals(List.of("0.0", "0.1"), made);
        for (TrialRecord trial : study.summary().trials()) {
            Path run = out.resolve(trial.trial().name());
            assertTrue(Files.readString(run.resolve("metrics.jsonl")).contains("\"surprise\":"));
            assertTrue(Files.readString(run.resolve("model/README.md")).contains("| objective of the application | surprise |"));
        }
        UserError refused = assertThrows(UserError.class, () -> new Study(config).data(directory.resolve("data")).run(out));
        assertTrue(refused.getMessage().contains("objective of the application"), refused.getMessage());
        new Study(config).data(directory.resolve("data")).objective("surprise", maker).run(out);
        assertEquals(2, made.size(), "both were done");
    }

    @Test
    void aBaselineThatFailedLeavesATableOfWhatThereIs() throws Exception {
        StudyResult study = run(directory.resolve("study"), "{parameters: {training.learning_rate: [1e30, 1e-2]}, seeds: [1]}",
                trial -> listener(new ArrayList<>(), -1));
        assertEquals(1, study.summary().count(TrialStatus.FAILED));
        assertTrue(study.remarks().toString().contains("no gain is computed: the baseline, learning_rate=1e30, has no result"), study.remarks().toString());
        assertTrue(study.cells().toString().contains("learning_rate=0.01"), study.cells().toString());
        assertTrue(study.comparison().toString().contains("learning_rate=0.01"), study.comparison().toString());
        assertTrue(Files.exists(directory.resolve("study/frontier.png")));
    }

    /** Neither metric is among evaluation.metrics: the study measures what it draws. */
    @Test
    void anyTwoMetricsAreSetAgainstEachOtherOverAGridOfSamplers() throws Exception {
        Configuration configuration = config("evaluation.samplers=[{top_p: [0.8, 1]}]", "evaluation.task=null",
                "sweep={parameters: {objective.lambda: [0, 0.1]}, seeds: [1, 2], quality: chrf, diversity: distinct_1}");
        StudyResult study = new Study(configuration).data(directory.resolve("data")).run(directory.resolve("study"));
        Frontier frontier = study.frontier();
        assertEquals("chrf", frontier.quality().metric());
        assertEquals("distinct_1", frontier.diversity().metric());
        assertEquals(List.of("T=0.7 top_p=0.8", "T=1.0 top_p=0.8", "T=0.7 top_p=1.0", "T=1.0 top_p=1.0"),
                frontier.samplers().stream().map(sampler -> sampler.name(frontier.samplers())).toList());
        assertEquals(16, frontier.points().size());
        assertEquals(new FrontierSize(2, 2), frontier.size());
        assertNotNull(frontier.diversity().references());
        EvaluationReport report = reportOf(study, 0);
        assertEquals(report.value("chrf"), frontier.points().get(0).quality());
        assertEquals(report.value("distinct_1"), frontier.points().get(0).diversity());
        assertTrue(study.remarks().get(0).startsWith("Quality is chrf, diversity is distinct_1; of both more is better."), study.remarks().toString());
        assertEquals(frontier, Frontier.read(directory.resolve("study/frontier.json")));
        String refused = assertThrows(UserError.class, () -> new Study(configuration.set("sweep.diversity=distinct_2")).data(directory.resolve("data"))
                .run(directory.resolve("study"))).getMessage();
        assertTrue(refused.contains("belongs to another study") && refused.contains("distinct_2"), refused);
    }

    /** Every prompt is answered in two ways, each several times: what is calibrated is known, and the study asks for it. */
    @Test
    void diversityIsCalibrationWherePromptsHaveSeveralReferences() throws Exception {
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < 24; i++) {
            rows.append("{\"prompt\": \"say ").append("ab".charAt(i % 2)).append(":\", \"response\": \" ").append("cd".charAt(i % 8 / 6)).append("\"}\n");
        }
        String corpus = Files.writeString(directory.resolve("several.jsonl"), rows).toString();
        StudyResult study = new Study(config("evaluation.data=" + corpus, "sweep={seeds: [1]}")).data(directory.resolve("data")).run(directory.resolve("several"));
        assertEquals("collision_ratio", study.frontier().diversity().metric());
        assertEquals(Turn.CALIBRATED, study.frontier().diversity().turn());
        assertEquals(1, study.frontier().diversity().references());
        assertEquals(Turn.CALIBRATED.of(reportOf(study, 0).value("collision_ratio")), study.frontier().points().get(0).diversity());
        assertTrue(study.cells().header().contains("R"), study.cells().toString());
    }

    private static EvaluationReport reportOf(StudyResult study, int trial) {
        List<?> reports = (List<?>) study.summary().trials().get(trial).report().get("evaluations");
        return EvaluationReport.parse(Json.line(reports.get(0)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "quality: bleau | sweep.quality: no metric is called 'bleau'. Did you mean 'bleu'?",
        "quality: length | sweep.quality: length describes, it has no better and worse, so it is no axis of a frontier.",
        "quality: distinct | sweep.quality: distinct is several metrics, distinct_1, distinct_2, distinct_3; name one of them",
        "quality: bleu, diversity: bleu | sweep.quality and sweep.diversity are both bleu"})
    void whatIsNoAxisIsRefusedBeforeATrial(String axes, String message) {
        UserError error = assertThrows(UserError.class, () -> run(directory.resolve("study"), "{seeds: [1], " + axes + "}", trial -> listener(new ArrayList<>(), -1)));
        assertTrue(error.getMessage().startsWith(message), error.getMessage());
        assertFalse(Files.exists(directory.resolve("study/sweep.json")));
    }
}
