package io.softq4j.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.softq4j.common.Json;
import io.softq4j.common.UserError;
import io.softq4j.graph.plan.Parameters;
import io.softq4j.model.weights.Safetensors;
import io.softq4j.objective.Batch;
import io.softq4j.objective.Counts;
import io.softq4j.objective.Figures;
import io.softq4j.objective.Objective;
import io.softq4j.tokens.Example;
import io.softq4j.training.optim.LearningRate;
import io.softq4j.training.optim.LrSchedulerType;
import io.softq4j.training.optim.OptimizerType;
import io.softq4j.training.rows.Collator;
import io.softq4j.training.rows.CollatorTest;
import io.softq4j.training.rows.DataOrder;
import io.softq4j.training.rows.DataScan;
import io.softq4j.training.rows.DataSummary;
import io.softq4j.training.rows.ExampleRows;
import io.softq4j.training.rows.ExampleSource;
import io.softq4j.training.rows.RowLayout;
import io.softq4j.training.rows.SlotUse;
import io.softq4j.training.rows.TrainingData;
import io.softq4j.training.run.Checkpoint;
import io.softq4j.training.run.RunDirectory;
import io.softq4j.training.run.RunRecord;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainerTest {

    @TempDir
    Path runs;

    @Test
    void theRunDirectoryHoldsConfigurationMetricsCheckpointsAndModel() throws IOException {
        Path run = runs.resolve("run");
        BigramModel model = new BigramModel(TinyRun.VOCABULARY);
        TrainingResult result = TinyRun.trainer(model, run, ProgressListener.NONE).train();

        // 14 examples in steps of 4 are 4 steps an epoch; 2 epochs; saved at 3, 6 and the end, the newest two kept
        assertEquals(8, result.steps());
        assertEquals(run.resolve("checkpoint-8"), result.checkpoint());
        assertEquals(List.of("checkpoint-6", "checkpoint-8", "config.yaml", "metrics.jsonl", "model", "run.json"), names(run));
        assertEquals(List.of("config.json", "manifest.json", "model.safetensors", "optimizer.safetensors", "trainer_state.json"),
                names(run.resolve("checkpoint-8")));
        assertEquals(List.of("config.json", "manifest.json", "model.safetensors"), names(run.resolve("model")));
        assertEquals("a: 1\n", Files.readString(run.resolve("config.yaml")));
        try (Safetensors saved = Safetensors.open(run.resolve("model/model.safetensors"))) {
            FloatBuffer bias = FloatBuffer.allocate(TinyRun.VOCABULARY);
            saved.read("b", List.of(TinyRun.VOCABULARY), bias);
            assertEquals(model.parameters().slots().get(1).values().get(3), bias.get(3));
        }

        List<JsonNode> lines = lines(run);
        assertEquals(List.of("2", "3 eval", "4", "6", "6 eval", "8", "8 eval"),
                lines.stream().map(l -> l.get("step").asText() + (l.has("eval_loss") ? " eval" : "")).toList());
        JsonNode step4 = lines.get(2);
        assertEquals(List.of("step", "epoch", "loss", "nll", "td", "v0", "eos_logprob", "entropy", "lambda", "grad_norm",
                "learning_rate", "tokens", "tokens_per_second", "elapsed"), fields(step4));
        assertEquals(List.of("step", "epoch", "eval_loss", "eval_nll", "eval_td", "eval_v0", "eval_eos_logprob", "eval_entropy", "lambda",
                "eval_runtime", "eval_samples_per_second"), fields(lines.get(1)));
        assertEquals(1.0, step4.get("epoch").asDouble());
        assertEquals(0.06, step4.get("lambda").asDouble(), 1e-15);
        assertEquals(step4.get("nll").asDouble() + 0.06 * step4.get("td").asDouble(), step4.get("loss").asDouble(), 1e-12);
        assertEquals(new LearningRate(LrSchedulerType.COSINE, 0.05, 2, 8).at(3), step4.get("learning_rate").asDouble());
        assertEquals(result.data().tokens(), step4.get("tokens").asLong(), "an epoch sees each token once");
        assertEquals(result.lastStep().orElseThrow().loss(), lines.get(5).get("loss").asDouble());
        assertEquals(result.lastEval().orElseThrow().loss(), lines.get(6).get("eval_loss").asDouble());
    }

    @Test
    void theLossFallsToWhatTheDataAllow() {
        TrainingConfig config = TrainingConfig.defaults().with(c -> c.numTrainEpochs(150).perDeviceTrainBatchSize(7).learningRate(0.1)
                .adamBeta2(0.99).maxGradNorm(0).seed(3).loggingSteps(1000).saveSteps(0).saveTotalLimit(1).maxLength(16).bucketMultiple(4)
                .maxEvalSamples(0));
        Example only = CollatorTest.example("1 2 | 3 4 5 6 9");
        TrainingData data = new TrainingData(ExampleSource.of(List.of(only, only)), Optional.empty(), TinyRun.EOS);
        TrainingResult result = TinyRun.trainer(config, new BigramModel(TinyRun.VOCABULARY, step -> 0), data,
                new RunDirectory(runs.resolve("run"), "", TinyRun.FILES), ProgressListener.NONE).train();
        double nll = result.lastStep().orElseThrow().figures().value("nll");
        assertTrue(nll < 0.05, "nll " + nll);
        assertTrue(result.lastEval().isEmpty());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void killedAndResumedAtEveryStepARunEndsWithTheSameBits(boolean packing) throws IOException {
        TrainingConfig config = packing ? TinyRun.packed() : TinyRun.config();
        Path whole = runs.resolve("whole");
        TinyRun.trainer(config, new BigramModel(TinyRun.VOCABULARY), whole, ProgressListener.NONE).train();
        killEverywhere(config, whole);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.9})
    void withSgdTooAKilledRunEndsWithTheSameBits(double momentum) throws IOException {
        TrainingConfig config = TinyRun.config().with(c -> c.optim(OptimizerType.SGD).sgdMomentum(momentum));
        Path whole = runs.resolve("whole");
        TinyRun.trainer(config, new BigramModel(TinyRun.VOCABULARY), whole, ProgressListener.NONE).train();
        killEverywhere(config, whole);
    }

    private void killEverywhere(TrainingConfig config, Path whole) throws IOException {
        for (int step = 1; step <= 8; step++) {
            Path run = runs.resolve("killed-" + step);
            Trainer killed = TinyRun.trainer(config, new BigramModel(TinyRun.VOCABULARY), run, TinyRun.at(step, () -> {
                throw new IllegalStateException("killed");
            }));
            assertThrows(IllegalStateException.class, killed::train);
            TrainingResult result = TinyRun.trainer(config, new BigramModel(TinyRun.VOCABULARY), run, ProgressListener.NONE).resume();
            assertEquals(8, result.steps());
            TinyRun.assertSame(whole, run, "killed after step " + step);
        }
    }

    @Test
    void resumingAFinishedRunMakesNoUpdateAndChangesNoBit() throws IOException {
        Path run = runs.resolve("run");
        Path copy = runs.resolve("copy");
        TinyRun.trainer(new BigramModel(TinyRun.VOCABULARY), run, ProgressListener.NONE).train();
        TinyRun.trainer(new BigramModel(TinyRun.VOCABULARY), copy, ProgressListener.NONE).train();
        BigramModel model = new BigramModel(TinyRun.VOCABULARY);
        TrainingResult result = TinyRun.trainer(model, run, ProgressListener.NONE).resume();
        assertTrue(result.lastStep().isEmpty());
        TinyRun.assertSame(copy, run, "resumed after its end");
    }

    /** Steps of 12 rows: examples, of which the second step of an epoch has two, or packed rows, all of them in one step. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void accumulatedMicroBatchesEqualOneBatch(boolean packing) {
        int[] sizes = {1, 2, 3, 12};
        List<float[]> ends = new ArrayList<>();
        for (int size : sizes) {
            TrainingConfig config = TrainingConfig.defaults().with(c -> c.perDeviceTrainBatchSize(size)
                    .gradientAccumulationSteps(12 / size).learningRate(0.05).weightDecay(0.1).adamBeta2(0.99).maxGradNorm(0.5)
                    .lrSchedulerType(LrSchedulerType.CONSTANT).seed(3).loggingSteps(1).saveSteps(0).saveTotalLimit(0).packing(packing)
                    .maxLength(16).bucketMultiple(4).maxEvalSamples(0));
            BigramModel model = new BigramModel(TinyRun.VOCABULARY);
            TinyRun.trainer(config, model, runs.resolve("size-" + size), ProgressListener.NONE).train();
            float[] w = new float[TinyRun.VOCABULARY * TinyRun.VOCABULARY];
            model.parameters().slots().get(0).values().get(0, w);
            ends.add(w);
        }
        for (float[] end : ends) {
            assertArrayEquals(ends.get(0), end, 2e-6f);
        }
        assertFalse(Arrays.equals(ends.get(0), new float[100]));
    }

    @Test
    void aLossThatIsNotFiniteStopsTheRunBeforeTheUpdate() {
        Path run = runs.resolve("run");
        BigramModel model = new BigramModel(TinyRun.VOCABULARY);
        int[][] before = new int[1][];
        Trainer trainer = TinyRun.trainer(model, run, TinyRun.at(4, () -> {
            IntStream.range(0, 100).forEach(i -> model.parameters().slots().get(0).values().put(i, Float.NaN));
            before[0] = model.parameters().bits();
        }));
        String message = assertThrows(UserError.class, trainer::train).getMessage();
        double rate = new LearningRate(LrSchedulerType.COSINE, 0.05, 2, 8).at(4);
        assertEquals("step 5: loss is NaN, gradient norm NaN, at learning_rate " + rate + " and lambda 0.08. Stopped before the update. Last good"
                + " checkpoint: " + run.resolve("checkpoint-3") + ". Likely cause: lambda acts on values that are still far off, or the learning rate"
                + " is too high. Start a new run with a lower learning_rate or longer warmup_steps, or let lambda begin later and rise more slowly.",
                message);
        assertArrayEquals(before[0], model.parameters().bits(), "parameters are as they were");
        assertTrue(Checkpoint.latest(run).isPresent());
    }

    @Test
    void aGradientThatIsNotFiniteStopsTheRunToo() {
        BigramModel model = new BigramModel(TinyRun.VOCABULARY, step -> 0);
        int[] before = model.parameters().bits();
        Objective infinite = new Objective() {
            @Override
            public Parameters parameters() {
                return model.parameters();
            }

            @Override
            public Figures accumulate(Batch batch, Counts total, long step) {
                Figures figures = model.accumulate(batch, total, step);
                model.parameters().slots().get(1).gradients().put(2, Float.POSITIVE_INFINITY);
                return figures;
            }

            @Override
            public Figures evaluate(Batch batch, long step) {
                return model.evaluate(batch, step);
            }

            @Override
            public void close() {
                model.close();
            }
        };
        TrainingData data = new TrainingData(TinyRun.examples(8, 1), Optional.empty(), TinyRun.EOS);
        String message = assertThrows(UserError.class, () -> TinyRun.trainer(TinyRun.config(), infinite, data,
                new RunDirectory(runs.resolve("infinite"), "", TinyRun.FILES), ProgressListener.NONE).train()).getMessage();
        assertTrue(message.startsWith("step 1: loss is 2."), message);
        assertTrue(message.contains("gradient norm Infinity, at learning_rate 0.0 and lambda 0.0. Stopped before the update. Last good "
                + "checkpoint: none"
                + " yet. Likely cause: the learning rate is too high."), message);
        assertArrayEquals(before, model.parameters().bits());
    }

    @Test
    void gradientsOfAStepThatFailedDoNotReachTheNextRun() {
        BigramModel clean = new BigramModel(TinyRun.VOCABULARY);
        BigramModel used = new BigramModel(TinyRun.VOCABULARY);
        used.parameters().slots().get(0).gradients().put(5, Float.NaN);
        TinyRun.trainer(clean, runs.resolve("clean"), ProgressListener.NONE).train();
        TinyRun.trainer(used, runs.resolve("used"), ProgressListener.NONE).train();
        assertArrayEquals(clean.parameters().bits(), used.parameters().bits());
    }

    @Test
    void aRunStoppedAfterAnyStepGoesOnToTheSameBits() throws IOException {
        Path whole = runs.resolve("whole");
        TinyRun.trainer(new BigramModel(TinyRun.VOCABULARY), whole, ProgressListener.NONE).train();
        for (int stop : new int[] {1, 2, 3, 4, 5, 6, 8}) {    // after 7, that checkpoint would be one of the two that stay
            Path run = runs.resolve("stop-" + stop);
            boolean[] asked = new boolean[1];
            Trainer trainer = TinyRun.trainer(new BigramModel(TinyRun.VOCABULARY), run, TinyRun.at(stop, () -> asked[0] = true));
            trainer.stopWhen(() -> asked[0]);
            TrainingResult stopped = trainer.train();
            assertTrue(stopped.stopped() && stopped.steps() == stop, stopped.toString());
            assertFalse(Files.exists(run.resolve("model")));
            TrainingResult result = TinyRun.trainer(new BigramModel(TinyRun.VOCABULARY), run, ProgressListener.NONE).resume();
            assertFalse(result.stopped());
            TinyRun.assertSame(whole, run, "stopped after step " + stop);
        }
    }

    @Test
    void aRunIsNotOverwritten() {
        Path run = runs.resolve("run");
        TinyRun.trainer(new BigramModel(TinyRun.VOCABULARY), run, ProgressListener.NONE).train();
        String message = assertThrows(UserError.class,
                () -> TinyRun.trainer(new BigramModel(TinyRun.VOCABULARY), run, ProgressListener.NONE).train()).getMessage();
        assertEquals(run + " holds a run already (" + run.resolve("config.yaml") + "). Resume it (--resume), choose another directory, or give --force to delete it.", message);
    }

    @Test
    void aRunIsResumedWithItsOwnConfigurationAndDataOnly() throws IOException {
        Path run = runs.resolve("run");
        BigramModel model = new BigramModel(TinyRun.VOCABULARY);
        assertTrue(assertThrows(UserError.class, () -> TinyRun.trainer(model, run, ProgressListener.NONE).resume()).getMessage()
                .startsWith("no run to resume in " + run));
        TinyRun.trainer(model, run, ProgressListener.NONE).train();

        TrainingData less = new TrainingData(TinyRun.examples(13, 1), Optional.empty(), TinyRun.EOS);
        String message = assertThrows(UserError.class, () -> TinyRun.trainer(TinyRun.config(), model, less,
                new RunDirectory(run, "a: 1\n", TinyRun.FILES), ProgressListener.NONE).resume()).getMessage();
        assertTrue(message.startsWith(run.resolve("checkpoint-8") + " was trained on 14 examples, the training data now has 13"), message);

        message = assertThrows(UserError.class, () -> TinyRun.trainer(TinyRun.config(), model, less,
                new RunDirectory(run, "a: 2\n", TinyRun.FILES), ProgressListener.NONE).resume()).getMessage();
        assertTrue(message.startsWith("the run in " + run + " cannot go on, since a resumed run continues bit for bit and this differs:\n  config.yaml: "
                + "a: 1 in the run, a: 2 now\n"), message);

        new RunRecord(java.util.Map.of("config.yaml", "a: 2\n"), java.util.Map.of()).write(run);
        message = assertThrows(UserError.class, () -> TinyRun.trainer(TinyRun.config(), model, less,
                new RunDirectory(run, "a: 2\n", TinyRun.FILES), ProgressListener.NONE).resume()).getMessage();
        assertTrue(message.startsWith(run.resolve("checkpoint-8") + " was saved with another configuration or other data than run.json in " + run),
                message);
        Files.delete(run.resolve("run.json"));
        message = assertThrows(UserError.class, () -> TinyRun.trainer(model, run, ProgressListener.NONE).resume()).getMessage();
        assertTrue(message.startsWith(run + " has no run.json, which tells of the run's data and start: "), message);
    }

    @Test
    void dataWithNothingToLearnFromAreRefusedBeforeARunIsBegun() {
        Path run = runs.resolve("run");
        assertRefused(run, ExampleSource.of(List.of()), "the training data has no examples.");
        assertRefused(run, ExampleSource.of(List.of(new Example(new int[20], new boolean[20]))),
                "none of the 1 examples of the training data has a scored response token within max_length 16.");
        assertFalse(Files.exists(run));
    }

    private void assertRefused(Path run, ExampleSource examples, String start) {
        TrainingData data = new TrainingData(examples, Optional.empty(), TinyRun.EOS);
        String message = assertThrows(UserError.class, () -> TinyRun.trainer(TinyRun.config(), new BigramModel(TinyRun.VOCABULARY, step -> 0), data,
                new RunDirectory(run, "", TinyRun.FILES), ProgressListener.NONE).train()).getMessage();
        assertTrue(message.startsWith(start), message);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aStepWithNothingToLearnFromIsNamed(boolean packing) {
        TrainingConfig config = TrainingConfig.defaults().with(c -> c.numTrainEpochs(1).perDeviceTrainBatchSize(1).learningRate(0.1)
                .adamBeta2(0.99).maxGradNorm(0).seed(3).loggingSteps(1).saveSteps(0).saveTotalLimit(1).packing(packing).maxLength(4)
                .bucketMultiple(4).maxEvalSamples(0));
        ExampleSource examples = ExampleSource.of(List.of(CollatorTest.example("1 | 2 3 4 9"), new Example(new int[4], new boolean[4])));
        int step = new DataOrder(2, 1, 3).step(0)[0] == 1 ? 1 : 2;
        String message = assertThrows(UserError.class, () -> TinyRun.trainer(config, new BigramModel(TinyRun.VOCABULARY),
                new TrainingData(examples, Optional.empty(), TinyRun.EOS), new RunDirectory(runs.resolve("run"), "", TinyRun.FILES),
                ProgressListener.NONE).train()).getMessage();
        assertEquals("step " + step + ": none of the examples of its 1 rows (first: 1) has a scored response token within max_length 4. Prepare the"
                + " data without such examples, or raise max_length or per_device_train_batch_size.", message);
    }

    @Test
    void cutAndUnscoredExamplesAreCounted() {
        List<Example> examples = List.of(CollatorTest.example("1 | 2 3 9"), CollatorTest.example("1 2 3 4 5 | 6 9"),
                CollatorTest.example("1 | 2 3 4 5"), new Example(new int[] {1, 2}, new boolean[2]));
        DataScan scan = DataScan.of(ExampleSource.of(examples), new Collator(TinyRun.EOS, 4, 4, false), "training data");
        assertArrayEquals(new int[] {3, 4, 4, 2}, scan.lengths());
        SlotUse use = new SlotUse.Packed(4, 4, 4, 13);
        assertEquals(new DataSummary(4, 3 + 4 + 4 + 2, 3 + 0 + 4, 2, 2, List.of(1L, 2L), 2, List.of(1L, 3L), use), scan.summary(use));
    }

    @Test
    void aFullDiskUnderTheMetricsIsOneMessage() throws IOException {
        assumeTrue(Files.exists(Path.of("/dev/full")), "Linux only");
        Path run = Files.createDirectory(runs.resolve("run"));
        Files.createSymbolicLink(run.resolve("metrics.jsonl"), Path.of("/dev/full"));
        String message = assertThrows(UserError.class,
                () -> TinyRun.trainer(new BigramModel(TinyRun.VOCABULARY), run, ProgressListener.NONE).train()).getMessage();
        assertTrue(message.startsWith("cannot write " + run.resolve("metrics.jsonl") + ": No space left on device. Training stopped;"), message);
    }

    private static List<String> names(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }

    private static List<JsonNode> lines(Path run) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(run.resolve("metrics.jsonl"))) {
            lines.add(Json.STRICT.readTree(line));
        }
        return lines;
    }

    private static List<String> fields(JsonNode line) {
        List<String> names = new ArrayList<>();
        line.fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Test
    void aLongValidationReadsRowsThatAreDrawnOnceAndTheCheckpointIsOnTheDiskBefore() {
        ExampleRows rows = new ExampleRows(TinyRun.examples(10, 1), RowLayout.of(new int[10], false, 16));
        assertArrayEquals(rows.drawn(4, 1), rows.drawn(4, 1));
        assertArrayEquals(IntStream.range(0, 10).asLongStream().toArray(), rows.drawn(0, 1));
        assertArrayEquals(IntStream.range(0, 10).asLongStream().toArray(), rows.drawn(1000, 1));
        int[] times = new int[10];
        for (int seed = 0; seed < 1000; seed++) {
            long[] drawn = rows.drawn(4, seed);
            assertEquals(4, Arrays.stream(drawn).distinct().count());
            assertArrayEquals(Arrays.stream(drawn).sorted().toArray(), drawn);
            Arrays.stream(drawn).forEach(row -> times[(int) row]++);
        }
        for (int count : times) {
            assertEquals(400, count, 100, "each row is drawn as often as the others, about 400 times with a standard deviation of 15");
        }
        TrainingConfig config = TrainingConfig.defaults().with(c -> c.numTrainEpochs(1).maxSteps(2).perDeviceTrainBatchSize(2)
                .learningRate(0.05).adamBeta2(0.99).maxGradNorm(0).seed(3).loggingSteps(1).saveSteps(0).saveTotalLimit(1).maxLength(16)
                .bucketMultiple(4).maxEvalSamples(3));
        Path run = runs.resolve("run");
        List<String> seen = new ArrayList<>();
        TinyRun.trainer(config, new BigramModel(TinyRun.VOCABULARY), run, new ProgressListener() {
            @Override
            public void evaluating(long done, long total) {
                seen.add(done + " of " + total + (Files.exists(run.resolve("checkpoint-2/manifest.json")) ? ", saved" : ""));
            }
        }).train();
        assertEquals(List.of("2 of 3, saved", "3 of 3, saved"), seen);
    }
}
