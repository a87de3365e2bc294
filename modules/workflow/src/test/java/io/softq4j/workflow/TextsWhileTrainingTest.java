package io.softq4j.workflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.softq4j.common.Json;
import io.softq4j.common.Sha256;
import io.softq4j.common.UserError;
import io.softq4j.evaluation.Direction;
import io.softq4j.evaluation.EvaluationReport;
import io.softq4j.evaluation.Item;
import io.softq4j.evaluation.Metric;
import io.softq4j.evaluation.Need;
import io.softq4j.evaluation.Scores;
import io.softq4j.training.ProgressListener;
import io.softq4j.training.StepMetrics;
import io.softq4j.training.TrainingResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that writes texts at its evaluations. */
class TextsWhileTrainingTest {

    @TempDir
    private Path directory;
    private Path validation;
    private Configuration configuration;

    /** Five prompts, one with three references, over two rows with a column named as a key of {@code samples.jsonl}. */
    @BeforeEach
    void prepare() throws IOException {
        String rows = """
                {"prompt": "say a:", "response": " alpha one", "step": "x"}
                {"prompt": "say b:", "response": " beta two", "step": "y"}
                {"prompt": "say c:", "response": " gamma three four", "step": "z"}
                {"prompt": "say d:", "response": " delta", "step": "z"}
                {"prompt": "say a:", "response": " alpha two", "step": "x"}
                {"prompt": "say e:", "response": " epsilon", "step": "x"}
                {"prompt": "say a:", "response": " omega", "step": "x"}
                """;
        Path train = Files.writeString(directory.resolve("train.jsonl"), rows.repeat(4));
        validation = Files.writeString(directory.resolve("validation.jsonl"), rows);
        configuration = Configuration.defaults().data(c -> c.train(List.of(train.toString())).validation(List.of(validation.toString())).maxLength(32))
                .tokenizer(c -> c.vocabSize(280)).model(c -> c.nPositions(32).nEmbd(16).nLayer(1).nHead(2)).objective(c -> c.lambda(0.1))
                .training(c -> c.maxSteps(12).saveSteps(4).saveTotalLimit(0).loggingSteps(1).perDeviceTrainBatchSize(4).learningRate(5e-3))
                .generation(c -> c.maxNewTokens(8)).evaluation(c -> c.evalSteps(2L));
        PreparedData.prepare(configuration, directory.resolve("data"));
    }

    private Train train(Configuration with) {
        return new Train(with).data(directory.resolve("data"));
    }

    private Configuration writing(Consumer<EvaluationConfig.Draft> more) {
        return configuration.evaluation(c -> c.predictWithGenerate(true).metrics(List.of("bleu", "chrf", "length"))).evaluation(more);
    }

    @Test
    void weightsAndFiguresOfTrainingAreTheSameBitsWithAndWithout() throws IOException {
        Path plain = directory.resolve("plain");
        train(configuration).run(plain);
        Path written = directory.resolve("written");
        train(writing(c -> c.evalSamples(2).evalTemperature(1))).run(written);
        for (String file : List.of("model/model.safetensors", "checkpoint-4/model.safetensors", "checkpoint-4/optimizer.safetensors",
                "checkpoint-12/optimizer.safetensors")) {
            assertEquals(Sha256.of(plain.resolve(file)), Sha256.of(written.resolve(file)), file);
        }
        List<ObjectNode> without = lines(plain.resolve("metrics.jsonl"));
        List<ObjectNode> with = lines(written.resolve("metrics.jsonl"));
        assertEquals(without.size(), with.size());
        for (int i = 0; i < with.size(); i++) {
            assertEquals(with.get(i).has("eval_loss"), with.get(i).has("eval_bleu"));
            with.get(i).remove(List.of("eval_bleu", "eval_chrf", "eval_length"));
            assertEquals(without.get(i), with.get(i));
        }
        assertFalse(Files.exists(plain.resolve("samples.jsonl")));
    }

    @Test
    void figuresAreThoseOfTheCheckpointWhenItIsEvaluated() throws IOException {
        Path run = directory.resolve("run");
        Configuration with = writing(c -> c.evalPrompts(0));
        train(with).run(run);
        for (int step : new int[] {4, 12}) {
            EvaluationReport report = new Evaluation(Configuration.defaults().set("evaluation.metrics=[bleu, chrf, length]")
                    .evaluation(c -> c.data(validation.toString()).samples(1).temperatures(List.of(0.0)))).run(run.resolve("checkpoint-"
                    + step)).get(0);
            JsonNode line = lines(run.resolve("metrics.jsonl")).stream().filter(l -> l.has("eval_loss")
                    && l.get("step").asInt() == step).findFirst()
                    .orElseThrow();
            for (String metric : List.of("bleu", "chrf", "length")) {
                assertEquals(report.value(metric), line.get("eval_" + metric).asDouble(), metric + " after step " + step);
            }
        }
        List<ObjectNode> samples = lines(run.resolve("samples.jsonl"));
        assertEquals(6 * 5, samples.size(), "5 different prompts after steps 2, 4, 6, 8, 10, 12");
        ObjectNode first = samples.get(0);
        assertEquals(2, first.get("step").asInt());
        assertEquals("say a:", first.get("prompt").asText());
        assertEquals("x", first.get("columns").get("step").asText());
        assertEquals(Set.of("bleu", "chrf", "length"), Set.copyOf(names(first.get("scores"))));
    }

    @Test
    void theDrawOfPromptsIsTheSameAtEachEvaluation() throws IOException {
        Path run = directory.resolve("run");
        train(writing(c -> c.evalPrompts(3).evalSamples(2).evalTemperature(0.7))).run(run);
        List<List<String>> asked = new ArrayList<>();
        for (int step = 2; step <= 12; step += 2) {
            int at = step;
            asked.add(lines(run.resolve("samples.jsonl")).stream().filter(l -> l.get("step").asInt() == at).map(l -> l.get("prompt").asText()).toList());
        }
        assertEquals(6, asked.get(0).size());
        assertEquals(3, Set.copyOf(asked.get(0)).size());
        asked.forEach(prompts -> assertEquals(asked.get(0), prompts));
    }

    @Test
    void killedAnywhereAndResumedTheRunWritesTheSame() throws IOException {
        Configuration with = writing(c -> c.metricForBestModel("chrf").loadBestModelAtEnd(true).earlyStoppingPatience(4));
        Path whole = directory.resolve("whole");
        TrainingResult expected = train(with).run(whole);
        assertEquals("eval_chrf", expected.best().orElseThrow().metric());
        assertTrue(expected.best().orElseThrow().greaterIsBetter());
        assertEquals(Sha256.of(whole.resolve("checkpoint-"
                + expected.best().orElseThrow().step().getAsLong()).resolve("model.safetensors")),
                Sha256.of(whole.resolve("model/model.safetensors")));
        for (int at = 1; at < expected.steps(); at += 4) {
            for (boolean generating : new boolean[] {false, true}) {
                Path run = directory.resolve("run-" + at + generating);
                assertThrows(IllegalStateException.class, () -> train(with).listener(killing(run, generating)).run(run));
                TrainingResult result = new Train(Configuration.defaults()).resume(run);
                assertEquals(expected.best(), result.best());
                assertEquals(expected.steps(), result.steps());
                assertEquals(lines(whole.resolve("metrics.jsonl")), lines(run.resolve("metrics.jsonl")));
                assertEquals(Files.readString(whole.resolve("samples.jsonl")), Files.readString(run.resolve("samples.jsonl")));
                assertEquals(Sha256.of(whole.resolve("model/model.safetensors")), Sha256.of(run.resolve("model/model.safetensors")));
            }
        }
    }

    private static ProgressListener killing(Path run, boolean generating) {
        int at = Integer.parseInt(run.getFileName().toString().replaceAll("\\D", ""));
        return new ProgressListener() {
            private long step;

            @Override
            public void step(StepMetrics metrics) {
                step = metrics.step();
                if (!generating && step == at) {
                    throw new IllegalStateException("killed");
                }
            }

            @Override
            public void generating(long tokens, long total) {
                if (generating && step > at) {
                    throw new IllegalStateException("killed");
                }
            }
        };
    }

    @Test
    void aTornLineOfSamplesIsWrittenAnew() throws IOException {
        Path run = directory.resolve("run");
        Configuration with = writing(c -> { });
        train(with).run(run);
        String samples = Files.readString(run.resolve("samples.jsonl"));
        Files.writeString(run.resolve("samples.jsonl"), samples + "{\"step\": 12, \"ro");
        new Train(Configuration.defaults().training(c -> c.maxSteps(14))).resume(run);
        List<ObjectNode> lines = lines(run.resolve("samples.jsonl"));
        assertTrue(Files.readString(run.resolve("samples.jsonl")).startsWith(samples));
        assertEquals(14, lines.get(lines.size() - 1).get("step").asInt());
    }

    /** A metric of somebody's own that fails on these prompts. */
    public static final class Failing implements Metric {

        @Override
        public String name() {
            return "failing";
        }

        @Override
        public Direction direction() {
            return Direction.HIGHER;
        }

        @Override
        public Set<Need> needs() {
            return Set.of(Need.SAMPLES);
        }

        @Override
        public Scores score(List<Item> items) {
            throw new IndexOutOfBoundsException("no such column");
        }
    }

    @Test
    void whatCannotBeJudgedIsRefusedBeforeTheFirstStep() {
        String failing = refused(c -> c.metrics(List.of(Failing.class.getName())));
        assertEquals("metric 'failing' of evaluation.metrics cannot judge these prompts: it failed with java.lang.IndexOutOfBoundsException: no such column. "
                + "Mend it, or leave it out of evaluation.metrics.", failing);
        assertTrue(refused(c -> c.metrics(List.of("blue"))).contains("no metric is called 'blue'. Did you mean 'bleu'?"));
        assertTrue(refused(c -> c.task("exact_match:answer")).contains("answer"), refused(c -> c.task("exact_match:answer")));
        assertTrue(refused(c -> c.data(directory.resolve("none.jsonl").toString())).contains("none.jsonl"));
        assertTrue(refused(c -> c.metricForBestModel("rougeL")).contains("has no eval_rougeL. It has: eval_loss, eval_bleu, eval_chrf, eval_length, eval_nll"),
                refused(c -> c.metricForBestModel("rougeL")));
        assertTrue(refused(c -> c.metricForBestModel("length")).contains("Say which way you mean: evaluation.greater_is_better=true or false."));
        assertTrue(refused(c -> c.metrics(List.of("self_bleu_prompt"))).contains("none of evaluation.metrics can be measured while training: self_bleu_prompt"),
                refused(c -> c.metrics(List.of("self_bleu_prompt"))));
        assertFalse(Files.exists(directory.resolve("refused")));
    }

    private String refused(Consumer<EvaluationConfig.Draft> more) {
        return assertThrows(UserError.class, () -> train(writing(more)).run(directory.resolve("refused"))).getMessage();
    }

    /** Without what comes from the clock. */
    private static List<ObjectNode> lines(Path file) throws IOException {
        List<ObjectNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            ObjectNode object = (ObjectNode) Json.STRICT.readTree(line);
            names(object).stream().filter(name -> name.matches("elapsed|.*_per_second|.*_runtime")).forEach(object::remove);
            lines.add(object);
        }
        return lines;
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
