package io.softq4j.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.softq4j.common.AtomicFiles;
import io.softq4j.common.FaultyFiles;
import io.softq4j.common.FaultyFiles.Then;
import io.softq4j.common.Json;
import io.softq4j.common.Sha256;
import io.softq4j.common.UserError;
import io.softq4j.training.rows.DataPlan;
import io.softq4j.training.rows.ExampleSource;
import io.softq4j.training.rows.TrainingData;
import io.softq4j.training.run.BestModel;
import io.softq4j.training.run.Checkpoint;
import io.softq4j.training.run.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Evaluation while training: when, on what, which model is best, when the run ends, and all of it after a kill. */
class EvaluatingTest {

    @TempDir
    Path runs;

    /** A figure that follows a script: the value of step s is that of s, NaN where the script has none. */
    private static final class Scripted implements EvalHook {

        private final Map<Long, Double> script;
        private final Optional<Boolean> greater;
        private final List<Long> asked = new ArrayList<>();
        private long begun = -2;

        Scripted(Map<Long, Double> script, Optional<Boolean> greater) {
            this.script = script;
            this.greater = greater;
        }

        @Override
        public Map<String, Optional<Boolean>> figures() {
            return Map.of("score", greater);
        }

        @Override
        public void begin(long step) {
            begun = step;
        }

        @Override
        public Optional<Map<String, Double>> evaluate(long step, BooleanSupplier stop, BiConsumer<Long, Long> progress) {
            asked.add(step);
            return Optional.of(Map.of("score", script.getOrDefault(step, Double.NaN)));
        }
    }

    @Test
    void evaluationsHaveABeatOfTheirOwnAndOneAtTheEnd() throws IOException {
        train(8, 4, c -> c.evalSteps(3L).evalOnStart(true), Optional.empty());
        assertEquals(List.of("0", "3", "6", "8"), evaluated("run"));
        assertEquals(List.of("checkpoint-4", "checkpoint-8"), checkpoints("run"));
        Path end = runs.resolve("end");
        trainer(end, 8, 0, 3, c -> c.evalSteps(0L), sets(), Optional.empty(), ProgressListener.NONE).train();
        assertEquals(List.of("8"), evaluated("end"));
    }

    @Test
    void severalSetsHaveFiguresByTheirNames() throws IOException {
        Map<String, ExampleSource> sets = new LinkedHashMap<>();
        sets.put("easy", TinyRun.examples(5, 2));
        sets.put("hard", TinyRun.examples(7, 9));
        Path named = runs.resolve("named");
        TrainingResult result = trainer(named, 4, 2, 0, c -> { }, sets, Optional.empty(), ProgressListener.NONE).train();
        Path alone = runs.resolve("alone");
        trainer(alone, 4, 2, 0, c -> { }, Map.of("", TinyRun.examples(5, 2)), Optional.empty(), ProgressListener.NONE).train();
        JsonNode line = evaluations("named").get(1);
        List<String> fields = new ArrayList<>();
        line.fieldNames().forEachRemaining(fields::add);
        assertEquals(List.of("step", "epoch", "eval_easy_loss", "eval_easy_nll", "eval_easy_td", "eval_easy_v0",
                "eval_easy_eos_logprob", "eval_easy_entropy", "lambda", "eval_hard_loss", "eval_hard_nll", "eval_hard_td", "eval_hard_v0",
                "eval_hard_eos_logprob", "eval_hard_entropy", "eval_easy_runtime",
                "eval_easy_samples_per_second", "eval_hard_runtime", "eval_hard_samples_per_second"), fields);
        assertEquals(evaluations("alone").get(1).get("eval_loss"), line.get("eval_easy_loss"));
        assertEquals(line.get("eval_easy_loss").asDouble(), result.lastEval().orElseThrow().loss());
        assertEquals(5 / line.get("eval_easy_runtime").asDouble(), line.get("eval_easy_samples_per_second").asDouble(), 1e-6);
        assertEquals(weights(alone.resolve("model")), weights(named.resolve("model")));
    }

    /** EarlyStoppingCallback and Trainer of transformers 5.24, step by step. */
    @Test
    void patienceAndTheBestAreThoseOfTransformers() {
        BestModel best = BestModel.none("eval_x", true);
        best = best.after(1, 10, 1);
        assertEquals(new BestModel("eval_x", true, OptionalDouble.of(10), OptionalLong.of(1), 0, 1), best);
        best = best.after(2, 10.5, 1);    // better, and so the best, but by too little for the patience
        assertEquals(new BestModel("eval_x", true, OptionalDouble.of(10.5), OptionalLong.of(2), 1, 2), best);
        best = best.after(3, 11.5, 1);    // by exactly the threshold is not more than it
        assertEquals(new BestModel("eval_x", true, OptionalDouble.of(11.5), OptionalLong.of(3), 2, 3), best);
        best = best.after(4, 12.75, 1);
        assertEquals(new BestModel("eval_x", true, OptionalDouble.of(12.75), OptionalLong.of(4), 0, 4), best);
        best = best.after(5, 12.75, 0);    // as good is not better
        assertEquals(new BestModel("eval_x", true, OptionalDouble.of(12.75), OptionalLong.of(4), 1, 5), best);
        best = best.after(6, Double.NaN, 0);
        assertEquals(new BestModel("eval_x", true, OptionalDouble.of(12.75), OptionalLong.of(4), 2, 6), best);
        BestModel less = BestModel.none("eval_loss", false).after(1, 3, 0).after(2, 2, 0).after(3, 2.5, 0);
        assertEquals(new BestModel("eval_loss", false, OptionalDouble.of(2), OptionalLong.of(2), 1, 3), less);
        BestModel undefined = BestModel.none("eval_x", true).after(1, Double.NaN, 0);
        assertEquals(0, undefined.notBetter(), "the first evaluation never counts");
        assertEquals(1, undefined.after(2, Double.NaN, 0).notBetter());
        assertEquals(0, undefined.after(2, 1, 0).notBetter());
    }

    @Test
    void theBestModelIsSavedWheneverItIsAndLoadedAtTheEnd() throws IOException {
        Scripted hook = new Scripted(Map.of(1L, 3.0, 2L, 7.0, 3L, 6.0, 4L, 5.0, 5L, 4.0, 6L, 3.0, 7L, 2.0, 8L, 1.0), Optional.of(true));
        TrainingResult result = train(8, 2, c -> c.evalSteps(1L).loadBestModelAtEnd(true).metricForBestModel("eval_score"),
                Optional.of(hook), 1);
        assertEquals(2, result.best().orElseThrow().step().getAsLong());
        assertEquals(7.0, result.best().orElseThrow().value().getAsDouble());
        assertEquals(List.of("checkpoint-2", "checkpoint-8"), checkpoints("run"),
                "one checkpoint is kept, but neither the best nor the last is deleted");
        assertEquals(weights(runs.resolve("run/checkpoint-2")), weights(runs.resolve("run/model")));
        JsonNode state = Json.STRICT.readTree(Files.readString(runs.resolve("run/checkpoint-8/trainer_state.json")));
        assertEquals("eval_score", state.get("metric_for_best_model").asText());
        assertEquals(7.0, state.get("best_metric").asDouble());
        assertEquals(2, state.get("best_global_step").asLong());
        assertEquals("checkpoint-2", state.get("best_model_checkpoint").asText());

        // best at a step that save_steps alone would not save
        Scripted between = new Scripted(Map.of(1L, 3.0, 2L, 2.0, 3L, 9.0, 4L, 5.0), Optional.of(true));
        Path run = runs.resolve("between");
        trainer(run, 4, 2, 0, c -> c.evalSteps(1L).loadBestModelAtEnd(true).metricForBestModel("score"), sets(), Optional.of(between),
                ProgressListener.NONE).train();
        assertEquals(List.of("checkpoint-1", "checkpoint-2", "checkpoint-3", "checkpoint-4"), checkpoints("between"));
        assertEquals(weights(run.resolve("checkpoint-3")), weights(run.resolve("model")));
    }

    @Test
    void withoutLoadingItTheBestIsRememberedAndTheModelIsTheLast() throws IOException {
        Scripted hook = new Scripted(Map.of(2L, 7.0, 4L, 1.0, 6L, 2.0, 8L, 3.0), Optional.of(true));
        TrainingResult result = train(8, 2, c -> c.metricForBestModel("score"), Optional.of(hook), 1);
        assertEquals(2, result.best().orElseThrow().step().getAsLong());
        assertEquals(List.of("checkpoint-2", "checkpoint-8"), checkpoints("run"));
        assertEquals(weights(runs.resolve("run/checkpoint-8")), weights(runs.resolve("run/model")));
    }

    @Test
    void aRunEndsEarlyWhenPatienceIsSpentAndItsBestModelIsTheResult() throws IOException {
        Scripted hook = new Scripted(Map.of(1L, 5.0, 2L, 6.0, 3L, 5.5, 4L, 5.9, 5L, 9.0), Optional.of(true));
        TrainingResult result = train(8, 0,
                c -> c.evalSteps(1L).loadBestModelAtEnd(true).metricForBestModel("score").earlyStoppingPatience(2),
                Optional.of(hook));
        assertEquals(4, result.steps());
        assertFalse(result.stopped());
        assertEquals(List.of("1", "2", "3", "4"), evaluated("run"));
        assertEquals(weights(runs.resolve("run/checkpoint-2")), weights(runs.resolve("run/model")));
        assertEquals(runs.resolve("run/checkpoint-4"), result.checkpoint());

        // gone on with, it is over; with more patience it goes on, and finds the better one
        TrainingResult again = trainer(runs.resolve("run"), 8, 0, 0,
        c -> c.evalSteps(1L).loadBestModelAtEnd(true).metricForBestModel("score")
                .earlyStoppingPatience(2), sets(), Optional.of(hook), ProgressListener.NONE).resume();
        assertEquals(4, again.steps());
        TrainingResult more = trainer(runs.resolve("run"), 8, 0, 0,
                c -> c.evalSteps(1L).loadBestModelAtEnd(true).metricForBestModel("score")
                .earlyStoppingPatience(3), sets(), Optional.of(hook), ProgressListener.NONE).resume();
        assertEquals(8, more.steps());
        assertEquals(5, more.best().orElseThrow().step().getAsLong());
        assertEquals(weights(runs.resolve("run/checkpoint-5")), weights(runs.resolve("run/model")));
    }

    @Test
    void lessOfALossIsBetterAndGreaterIsBetterOverrules() {
        assertFalse(direction("loss", null));
        assertFalse(direction("eval_loss", null));
        assertFalse(direction("nll", null), "a term of the loss");
        assertTrue(direction("entropy", null), "as in transformers, what does not end in loss");
        assertTrue(direction("loss", true));
    }

    private boolean direction(String metric, Boolean greater) {
        Path run = runs.resolve("direction-" + metric + greater);
        return trainer(run, 2, 1, 0, c -> c.metricForBestModel(metric).greaterIsBetter(greater), sets(), Optional.empty(),
                ProgressListener.NONE).train()
                .best().orElseThrow().greaterIsBetter();
    }

    @Test
    void whatCannotBeIsRefusedBeforeTheFirstStep() {
        assertEquals("evaluation.load_best_model_at_end is true, which needs training.save_steps to be a multiple of evaluation.eval_steps, so that every "
                + "checkpoint is of an evaluated model; they are 3 and 2. Set training.save_steps=4, or eval_steps to a divisor of 3.",
                refused(3, c -> c.evalSteps(2L).loadBestModelAtEnd(true), Optional.empty()));
        assertEquals("evaluation.early_stopping_patience is 2, but the run is evaluated only at its end (evaluation.eval_steps is not set, so it is "
                + "training.save_steps, 0): there is nothing to choose from. Set evaluation.eval_steps, such as 100.",
                refused(0, c -> c.earlyStoppingPatience(2), Optional.empty()));
        assertEquals("evaluation.metric_for_best_model is 'bleu', but an evaluation of this run has no eval_bleu. It has: eval_loss, eval_nll, eval_td, "
                + "eval_v0, eval_eos_logprob, eval_entropy. Set evaluation.metric_for_best_model to one of them.",
                refused(2, c -> c.metricForBestModel("bleu"), Optional.empty()));
        assertEquals("evaluation.metric_for_best_model is 'score', which is better neither when more nor when less by itself. Say which way you mean: "
                + "evaluation.greater_is_better=true or false.",
                refused(2, c -> c.metricForBestModel("score"), Optional.of(new Scripted(Map.of(), Optional.empty()))));
        Map<String, ExampleSource> named = Map.of("a", TinyRun.examples(5, 2));
        String message = assertThrows(UserError.class, () -> trainer(runs.resolve("refused"), 8, 2, 0, c -> c.loadBestModelAtEnd(true),
                named,
                Optional.empty(), ProgressListener.NONE).train()).getMessage();
        assertTrue(message.startsWith("evaluation.metric_for_best_model is not set, so it is loss, but an evaluation of this run has no eval_loss. It has: "
                + "eval_a_loss, "), message);
        assertTrue(assertThrows(UserError.class, () -> trainer(runs.resolve("refused"), 8, 2, 0, c -> c.loadBestModelAtEnd(true), Map.of(),
                Optional.empty(), ProgressListener.NONE).train()).getMessage().contains("but there is nothing to evaluate on"));
        assertFalse(Files.exists(runs.resolve("refused")));
    }

    private String refused(long saveSteps, Consumer<EvalSettings.Draft> settings, Optional<EvalHook> hook) {
        return assertThrows(UserError.class, () -> trainer(runs.resolve("refused"), 8, saveSteps, 0, settings, sets(), hook,
                ProgressListener.NONE).train())
                .getMessage();
    }

    /** Every open, write, force, create, delete and rename of a whole run is the last one in its turn. */
    @ParameterizedTest
    @EnumSource(Then.class)
    void killedAtAnyChangeOfTheDiskARunFindsTheSameBestAndEndsAtTheSameStep(Then then) throws IOException {
        Path whole = runs.resolve("whole");
        TrainingResult expected = stoppedEarly(whole).train();
        assertEquals(4, expected.steps());
        for (int n = 1; ; n++) {
            Path run = runs.resolve("run-" + n);
            Path faulty = FaultyFiles.faulty(run, n, then);
            try {
                stoppedEarly(faulty).train();
            } catch (FaultyFiles.Killed | UserError e) {
                // as meant
            }
            if (FaultyFiles.changes(faulty) < n) {
                assertTrue(n > 60, "only " + n + " changes stopped the run");
                break;
            }
            boolean begun = Files.exists(run.resolve("config.yaml"));
            TrainingResult result = begun ? stoppedEarly(run).resume() : stoppedEarly(run).train();
            assertEquals(expected.best(), result.best());
            assertEquals(expected.steps(), result.steps());
            TinyRun.assertSame(whole, run, then + " at change " + n);
        }
    }

    /** Best after 2 steps, over after 4; between two saves by their beat. */
    private static Trainer stoppedEarly(Path run) {
        Map<Long, Double> script = Map.of(1L, 5.0, 2L, 6.0, 3L, 5.5, 4L, 5.9);
        return trainer(run, 8, 3, 1, c -> c.evalSteps(1L).loadBestModelAtEnd(true).metricForBestModel("score").earlyStoppingPatience(2),
                sets(),
                Optional.of(new Scripted(script, Optional.of(true))), ProgressListener.NONE);
    }

    /** Asked to stop at each step, and within each evaluation. */
    @Test
    void stoppedAnywhereAndResumedARunFindsTheSameBest() throws IOException {
        Consumer<EvalSettings.Draft> settings = c -> c.evalSteps(2L).loadBestModelAtEnd(true).earlyStoppingPatience(3).evalOnStart(true);
        Path whole = runs.resolve("whole");
        TrainingResult expected = trainer(whole, 8, 4, 0, settings, sets(), Optional.empty(), ProgressListener.NONE).train();
        for (boolean evaluating : new boolean[] {false, true}) {
            for (int at = 1; at < 8; at++) {
                Path run = runs.resolve("run-" + at + evaluating);
                boolean[] asked = new boolean[1];
                int stopAt = at;
                Trainer trainer = trainer(run, 8, 4, 0, settings, sets(), Optional.empty(), new ProgressListener() {
                    private long step;

                    @Override
                    public void step(StepMetrics metrics) {
                        step = metrics.step();
                        asked[0] |= !evaluating && step == stopAt;
                    }

                    @Override
                    public void evaluating(long rows, long total) {
                        asked[0] |= evaluating && step == stopAt;
                    }
                });
                trainer.stopWhen(() -> asked[0]);
                TrainingResult first = trainer.train();
                TrainingResult result = trainer(run, 8, 4, 0, settings, sets(), Optional.empty(), ProgressListener.NONE).resume();
                assertEquals(expected.best(), result.best());
                assertEquals(TinyRun.contents(whole).get("metrics.jsonl"), TinyRun.contents(run).get("metrics.jsonl"), "stopped at " + at
                        + ", " + first);
                assertEquals(weights(whole.resolve("model")), weights(run.resolve("model")));
                for (String checkpoint : checkpoints("whole")) {
                    assertEquals(Sha256.of(whole.resolve(checkpoint).resolve("trainer_state.json")),
                            Sha256.of(run.resolve(checkpoint).resolve("trainer_state.json")), checkpoint + ", stopped at " + at);
                }
            }
        }
    }

    @Test
    void aHookHearsWhichEvaluationsAreKept() throws IOException {
        Scripted hook = new Scripted(Map.of(), Optional.of(true));
        trainer(runs.resolve("run"), 4, 2, 0, c -> { }, sets(), Optional.of(hook), ProgressListener.NONE).train();
        assertEquals(-1, hook.begun);
        assertEquals(List.of(2L, 4L), hook.asked);
        Scripted again = new Scripted(Map.of(), Optional.of(true));
        AtomicFiles.delete(runs.resolve("run/checkpoint-4"));
        trainer(runs.resolve("run"), 4, 2, 0, c -> { }, sets(), Optional.of(again), ProgressListener.NONE).resume();
        assertEquals(2, again.begun);
        assertEquals(List.of(4L), again.asked);
        assertTrue(evaluations("run").get(0).get("eval_score").isNull(), "NaN is no number of JSON");
    }

    @Test
    void anotherMetricOrALostBestBeginsTheSearchAnew() throws IOException {
        Path run = runs.resolve("run");
        train(4, 2, c -> c.loadBestModelAtEnd(true), Optional.empty());
        TrainingResult other = trainer(run, 8, 2, 0, c -> c.loadBestModelAtEnd(true).metricForBestModel("entropy"), sets(),
                Optional.empty(),
                ProgressListener.NONE).resume();
        assertTrue(other.best().orElseThrow().step().getAsLong() > 4);
        long best = other.best().orElseThrow().step().getAsLong();
        if (best < 8) {
            AtomicFiles.delete(run.resolve(Checkpoint.name(best)));
            TrainingResult lost = trainer(run, 10, 2, 0, c -> c.loadBestModelAtEnd(true).metricForBestModel("entropy"), sets(),
                    Optional.empty(),
                    ProgressListener.NONE).resume();
            assertEquals(10, lost.best().orElseThrow().step().getAsLong());
        }
    }

    private static Map<String, ExampleSource> sets() {
        return Map.of("", TinyRun.examples(5, 2));
    }

    private TrainingResult train(long steps, long saveSteps, Consumer<EvalSettings.Draft> settings, Optional<EvalHook> hook) {
        return train(steps, saveSteps, settings, hook, 0);
    }

    private TrainingResult train(long steps, long saveSteps, Consumer<EvalSettings.Draft> settings, Optional<EvalHook> hook, int limit) {
        return trainer(runs.resolve("run"), steps, saveSteps, limit, settings, sets(), hook, ProgressListener.NONE).train();
    }

    private static Trainer trainer(Path run, long steps, long saveSteps, int limit, Consumer<EvalSettings.Draft> settings, Map<String,
            ExampleSource> sets,
                                   Optional<EvalHook> hook, ProgressListener progress) {
        TrainingConfig config = TinyRun.config().with(c -> c.maxSteps(steps).saveSteps(saveSteps).saveTotalLimit(limit));
        TrainingData data = new TrainingData(TinyRun.examples(14, 1), sets, TinyRun.EOS);
        Evaluations evaluations = new Evaluations(EvalSettings.defaults().with(settings), data.validations(config.rows(), 0, 1), hook);
        return new Trainer(config, new BigramModel(TinyRun.VOCABULARY), DataPlan.of(data, config.rows()), evaluations,
                new RunDirectory(run, "a: 1\n", TinyRun.FILES), progress);
    }

    private List<JsonNode> evaluations(String run) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(runs.resolve(run).resolve("metrics.jsonl"))) {
            if (line.contains("\"eval_")) {
                lines.add(Json.STRICT.readTree(line));
            }
        }
        return lines;
    }

    private List<String> evaluated(String run) throws IOException {
        return evaluations(run).stream().map(line -> line.get("step").asText()).toList();
    }

    private List<String> checkpoints(String run) throws IOException {
        try (var entries = Files.list(runs.resolve(run))) {
            return entries.map(entry -> entry.getFileName().toString()).filter(name -> name.startsWith("checkpoint-")).sorted().toList();
        }
    }

    private static String weights(Path model) throws IOException {
        return Sha256.of(model.resolve("model.safetensors"));
    }
}
