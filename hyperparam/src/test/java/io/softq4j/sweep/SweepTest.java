package io.softq4j.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.softq4j.common.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every test here goes through Arbiter's runner. */
class SweepTest {

    private static final SweepListener QUIET = new SweepListener() { };

    @TempDir
    Path out;

    @Test
    void trialsAreTheSameWhateverTheParallelismAndTheOrderInWhichTheyEnd() throws Exception {
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("training.learning_rate", Map.of("min", 1e-3, "max", 1e-1, "scale", "log"));
        parameters.put("objective.lambda", List.of(0, 0.01));
        SweepConfig config = SweepConfig.defaults()
                .with(c -> c.parameters(parameters).seeds(List.of(1L, 2L)).search(Search.RANDOM).trials(4).seed(11));
        List<String> ended = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch secondEnded = new CountDownLatch(1);

        SweepSummary one = Sweep.run(config, Map.of(), out.resolve("one"), Descent::run, QUIET);
        SweepSummary two = Sweep.run(Descent.parallel(config, 2), Map.of(), out.resolve("two"), trial -> {
            if (trial.index() == 0) {
                secondEnded.await();
            }
            TrialResult result = Descent.run(trial);
            ended.add(trial.name());
            if (trial.index() == 1) {
                secondEnded.countDown();
            }
            return result;
        }, QUIET);

        assertTrue(ended.get(0).startsWith("trial-001-"), "the trials ended in the order " + ended);
        assertEquals(withoutTime(one), withoutTime(two));
        assertEquals(8, one.count(TrialStatus.COMPLETE));
    }

    @Test
    void theBestLearningRateOfAQuadraticIsFound() throws Exception {
        SweepConfig config = Descent.grid(Map.of("training.learning_rate", List.of(0.001, 0.01, 0.15, 0.25)), 1L, 2L);

        SweepSummary summary = Sweep.run(config, Map.of(), out, Descent::run, QUIET);

        // curvature 1 to 9: 2/(1+9) = 0.2 is the best rate in theory, and from 2/9 = 0.222 on it diverges
        assertEquals(0.15, summary.best().orElseThrow().trial().parameters().get("training.learning_rate"));
        assertEquals("learning_rate=0.25", summary.ranked().get(7).trial().setting());
    }

    @Test
    void parametersOfOneValueRun() throws Exception {
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("objective.lambda", List.of(0));
        parameters.put("training.learning_rate", List.of(0.1));

        SweepSummary summary = Sweep.run(Descent.grid(parameters, 5L), Map.of(), out, Descent::run, QUIET);

        assertEquals(List.of("trial-000-lambda=0-learning_rate=0.1-seed=5"), summary.trials().stream().map(r -> r.trial().name()).toList());
        assertEquals(TrialStatus.COMPLETE, summary.trials().get(0).status());
    }

    @Test
    void aHundredInstantTrialsTakeSecondsNotMinutes() {
        List<Integer> values = java.util.stream.IntStream.range(0, 50).boxed().toList();

        // Arbiter looks once a second, but only when nothing has ended meanwhile
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            SweepConfig config = Descent.parallel(Descent.grid(Map.of("objective.lambda", values), 1L, 2L), 2);
            SweepSummary summary = Sweep.run(config, Map.of(), out, Descent::run, QUIET);
            assertEquals(100, summary.count(TrialStatus.COMPLETE));
        });
    }

    @Test
    void aFailingTrialIsRecordedWithItsErrorAndTheOthersGoOn() throws Exception {
        SweepConfig config = Descent.grid(Map.of("objective.lambda", List.of(0, 0.1, 0.2, 0.3, 0.4)), 1L);

        SweepSummary summary = Sweep.run(config, Map.of(), out, trial -> switch (trial.index()) {
            case 0 -> throw new IllegalStateException("loss is NaN at step 3");
            case 1 -> throw new UserError("data.file: corpus.jsonl does not exist");
            case 2 -> endless(trial);
            case 3 -> new TrialResult(Double.NaN, Map.of());
            default -> Descent.run(trial);
        }, QUIET);

        assertEquals(List.of(TrialStatus.FAILED, TrialStatus.FAILED, TrialStatus.FAILED, TrialStatus.FAILED, TrialStatus.COMPLETE),
                summary.trials().stream().map(TrialRecord::status).toList());
        assertEquals("java.lang.IllegalStateException: loss is NaN at step 3", summary.trials().get(0).errorSummary());
        assertTrue(summary.trials().get(0).error().contains("at io.softq4j.sweep.SweepTest"), summary.trials().get(0).error());
        assertEquals("data.file: corpus.jsonl does not exist", summary.trials().get(1).error());
        assertEquals("java.lang.StackOverflowError", summary.trials().get(2).errorSummary());
        assertEquals(60, summary.trials().get(2).error().lines().count());
        assertEquals("java.lang.IllegalArgumentException: the score is NaN, not a number that can be ranked; training has most likely diverged: "
                + "try a lower learning rate", summary.trials().get(3).errorSummary());
        assertEquals(4, summary.best().orElseThrow().trial().index());
        assertEquals(summary.trials().get(1).error(), journal().at("/trials/1/error").asText());
    }

    @Test
    void whereEveryTrialFailsTheSweepFailsWithTheFirstError() {
        SweepConfig config = Descent.grid(Map.of("objective.lambda", List.of(0, 0.1)), 1L);

        UserError error = assertThrows(UserError.class, () -> Sweep.run(config, Map.of(), out, trial -> {
            throw new UserError("objective.lamda: unknown key (trial " + trial.index() + ")");
        }, QUIET));

        assertEquals("the sweep has no result: 2 of 2 trials failed, none completed. The first, trial-000-lambda=0-seed=1: "
                + "objective.lamda: unknown key (trial 0). Its whole error is in " + out.resolve("sweep.json")
                + ". Mend the cause and run the same sweep again: it continues with what is missing.", error.getMessage());
    }

    @Test
    void stopOnFailureBeginsNoTrialAfterTheFailedOne() throws Exception {
        SweepConfig config = SweepConfig.defaults()
                .with(c -> c.parameters(Map.of("objective.lambda", List.of(0, 0.1, 0.2))).seeds(List.of(1L)).stopOnFailure(true));
        AtomicInteger runs = new AtomicInteger();

        UserError error = assertThrows(UserError.class, () -> Sweep.run(config, Map.of(), out, trial -> {
            if (runs.incrementAndGet() == 2) {
                throw new UserError("disk full");
            }
            return Descent.run(trial);
        }, QUIET));

        assertTrue(error.getMessage().startsWith("the sweep stopped because a trial failed (sweep.stop_on_failure): "
                + "trial-001-lambda=0.1-seed=1: disk full."), error.getMessage());
        assertEquals(2, runs.get());
        assertEquals(List.of("complete", "failed", "pending"), journal().findValuesAsText("status"));
    }

    @Test
    void afterTheTimeLimitNoTrialBeginsAndTheRunningOneFinishes() throws Exception {
        SweepConfig config = SweepConfig.defaults()
                .with(c -> c.parameters(Map.of("objective.lambda", List.of(0, 0.1, 0.2))).seeds(List.of(1L)).maxMinutes(2.0 / 60));

        SweepSummary summary = Sweep.run(config, Map.of(), out, trial -> {
            Thread.sleep(2500);
            return Descent.run(trial);
        }, QUIET);

        assertEquals(List.of("complete", "pending", "pending"), journal().findValuesAsText("status"));
        assertEquals(1, summary.count(TrialStatus.COMPLETE));
    }

    @Test
    void theJournalIsWholeWheneverATrialBeginsOrEnds() throws Exception {
        List<List<String>> seen = new ArrayList<>();
        SweepListener reader = new SweepListener() {
            @Override
            public void trialStarted(Trial trial) {
                look();
            }

            @Override
            public void trialFinished(TrialRecord record) {
                look();
            }

            private void look() {
                try {
                    seen.add(journal().findValuesAsText("status"));
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
        };

        Sweep.run(Descent.grid(Map.of("objective.lambda", List.of(0, 0.1)), 1L), Map.of("training", Map.of("steps", 20)), out, Descent::run, reader);

        assertEquals(List.of(List.of("pending", "pending"), List.of("complete", "pending"), List.of("complete", "pending"),
                List.of("complete", "complete")), seen);
        JsonNode trial = journal().at("/trials/1");
        assertEquals("trial-001-lambda=0.1-seed=1", trial.at("/directory").asText());
        assertTrue(Files.isDirectory(out.resolve(trial.at("/directory").asText())));
        assertEquals(0.1, trial.at("/parameters/objective.lambda").asDouble());
        assertEquals(4, trial.at("/report/rows/0/samples").asInt());
        assertEquals(20, journal().at("/base/training/steps").asInt());
    }

    @Test
    void anInterruptCancelsTheRunningTrialAndLeavesAJournal() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread caller = new Thread(() -> {
            try {
                Sweep.run(Descent.grid(Map.of("objective.lambda", List.of(0, 0.1, 0.2)), 1L), Map.of(), out, trial -> {
                    if (trial.index() == 1) {
                        running.countDown();
                        sleepKeepingTheInterrupt();
                    }
                    return Descent.run(trial);
                }, QUIET);
            } catch (Throwable e) {
                thrown.set(e);
            }
        });
        caller.start();
        running.await();

        caller.interrupt();
        caller.join(10_000);

        assertFalse(caller.isAlive());
        assertEquals(InterruptedException.class, thrown.get().getClass());
        assertEquals(List.of("complete", "cancelled", "pending"), journal().findValuesAsText("status"));
    }

    @Test
    void aJournalThatCannotBeWrittenEndsTheSweepWithTheReason() {
        AtomicInteger runs = new AtomicInteger();

        UserError error = assertThrows(UserError.class,
                () -> Sweep.run(Descent.grid(Map.of("objective.lambda", List.of(0, 0.1)), 1L), Map.of(), out, trial -> {
                    runs.incrementAndGet();
                    Files.delete(out.resolve("sweep.json"));
                    Files.createDirectories(out.resolve("sweep.json/in the way"));
                    return Descent.run(trial);
                }, QUIET));

        assertTrue(error.getMessage().startsWith("cannot write " + out.resolve("sweep.json") + ": "), error.getMessage());
        assertEquals(1, runs.get());
    }

    @Test
    void aListenerThatThrowsEndsTheSweepWithItsException() {
        IllegalStateException broken = new IllegalStateException("terminal gone");
        SweepListener listener = new SweepListener() {
            @Override
            public void trialFinished(TrialRecord record) {
                throw broken;
            }
        };

        assertSame(broken, assertThrows(IllegalStateException.class,
                () -> Sweep.run(Descent.grid(Map.of("objective.lambda", List.of(0, 0.1)), 1L), Map.of(), out, Descent::run, listener)));
    }

    @Test
    void noThreadIsLeftBehind() throws Exception {
        Sweep.run(Descent.parallel(SweepConfig.defaults(), 2), Map.of(), out, Descent::run, QUIET);

        List<String> left = sweepThreads();
        for (int i = 0; i < 100 && !left.isEmpty(); i++) { // a pool that was shut down ends its threads a moment later
            Thread.sleep(50);
            left = sweepThreads();
        }
        assertEquals(List.of(), left);
    }

    private static TrialResult endless(Trial trial) {
        TrialResult result = endless(trial);
        return new TrialResult(result.score() + 1, result.report());
    }

    private static List<String> sweepThreads() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName)
                .filter(n -> n.startsWith("LocalCandidateExecutor") || n.startsWith("ArbiterOptimizationRunner") || n.equals("sweep")).toList();
    }

    /** As a loop that looks at the flag would: the thread is still interrupted when the trial ends, and the journal must be written all the same. */
    private static void sleepKeepingTheInterrupt() throws InterruptedException {
        try {
            Thread.sleep(60_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw e;
        }
    }

    private JsonNode journal() throws Exception {
        return new ObjectMapper().readTree(out.resolve("sweep.json").toFile());
    }

    private static List<Object> withoutTime(SweepSummary summary) {
        return summary.trials().stream().map(r -> (Object) List.of(r.trial().name(), r.trial().parameters(), r.trial().seed(), r.status(),
                r.score(), r.report(), r.error())).toList();
    }
}
