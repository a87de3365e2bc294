package io.softq4j.sweep;

import io.softq4j.common.Output;
import io.softq4j.common.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.deeplearning4j.arbiter.optimize.api.termination.MaxCandidatesCondition;
import org.deeplearning4j.arbiter.optimize.api.termination.MaxTimeCondition;
import org.deeplearning4j.arbiter.optimize.api.termination.TerminationCondition;
import org.deeplearning4j.arbiter.optimize.config.OptimizationConfiguration;

/**
 * Runs the trials of a study through Arbiter and keeps {@code sweep.json}.
 *
 * <p>Run again into the same directory it continues: complete trials keep their reports, failed, cancelled and pending ones run. Deleting a trial's
 * directory makes that trial run again. With more values, seeds or random trials the study grows: what is there stays, the rest runs.
 */
public final class Sweep {

    /** What a study has in its directory. Where there is a journal, it says whose the rest is. */
    public static final Output.Earlier EARLIER = new Output.Earlier("sweep by softq (" + SweepJournal.FILE + ")",
            path -> Files.isRegularFile(path.resolve(SweepJournal.FILE)), Pattern.compile("sweep\\.json|frontier\\.(json|png|svg)|trial-.*"));

    private Sweep() {
    }

    /** The trials that {@link #run} would run into an empty {@code out}, in order. */
    public static List<Trial> plan(SweepConfig config, Path out) {
        return TrialPlan.of(config, out).trials();
    }

    /**
     * Runs what is left of the study in {@code out}. A trial that throws is recorded as failed and the others go on.
     *
     * @param base what else decides a trial's result, as JSON-able values: the configuration that the parameters are laid over, and a checksum of
     *             the data. A sweep is continued only where it is the same
     * @return every trial of the study, also those of earlier runs; after {@code max_minutes} some may be pending
     * @throws UserError            when {@code out} holds another study or cannot be written; when no trial is complete and at least one failed;
     *                              when one failed and the configuration says to stop there
     * @throws InterruptedException when the calling thread is interrupted: the running trials are interrupted and waited for, the journal says
     *                              cancelled
     */
    public static SweepSummary run(SweepConfig config, Map<String, Object> base, Path out, TrialRunner trialRunner, SweepListener listener)
            throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        TrialPlan planned = TrialPlan.of(config, out);
        SweepJournal journal = SweepJournal.open(config, base, out, planned.trials());
        List<TrialRecord> before = journal.records();
        TrialPlan plan = planned.with(before.stream().map(TrialRecord::trial).toList());
        List<Trial> toRun = before.stream().filter(r -> r.status() != TrialStatus.COMPLETE).map(TrialRecord::trial).toList();
        listener.sweepStarted(before, toRun.size());
        if (!toRun.isEmpty()) {
            execute(config, plan, toRun, journal, trialRunner, listener);
        }
        SweepSummary summary = new SweepSummary(journal.records());
        failWhereNothingIsLeft(config, out, summary, before);
        return summary;
    }

    private static void execute(SweepConfig config, TrialPlan plan, List<Trial> toRun, SweepJournal journal, TrialRunner trialRunner,
            SweepListener listener) throws InterruptedException {
        SweepControl control = new SweepControl();
        List<TerminationCondition> ends = new ArrayList<>(List.of(control, new MaxCandidatesCondition(toRun.size())));
        if (config.maxMinutes() > 0) {
            ends.add(new MaxTimeCondition(Math.round(config.maxMinutes() * 60_000), TimeUnit.MILLISECONDS));
        }
        OptimizationConfiguration configuration = new OptimizationConfiguration.Builder().candidateGenerator(new TrialGenerator(plan, toRun))
                .scoreFunction(new TrialScore()).modelSaver(new JournalSaver(journal)).terminationConditions(ends).build();
        TrialTasks tasks = new TrialTasks(plan.trials(), trialRunner, control, config.stopOnFailure());
        SweepRunner runner = new SweepRunner(Math.min(config.parallelism(), toRun.size()), configuration, tasks, control, journal);
        runner.addListeners(new ListenerBridge(plan.trials(), listener));

        // Arbiter's loop swallows interrupts, so it gets a thread of its own and this one stays free to be interrupted
        FutureTask<Void> loop = new FutureTask<>(runner::execute, null);
        Thread thread = new Thread(loop, "sweep");
        thread.setDaemon(true);
        thread.start();
        try {
            await(loop);
        } catch (InterruptedException e) {
            runner.cancel();
            awaitInAnyCase(loop);
            throw e;
        }
        control.rethrow();
    }

    private static void await(FutureTask<Void> loop) throws InterruptedException {
        try {
            loop.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("Arbiter's runner failed: " + e.getCause(), e.getCause());
        }
    }

    private static void awaitInAnyCase(FutureTask<Void> loop) {
        while (true) {
            try {
                await(loop);
                return;
            } catch (InterruptedException again) {
                // the first interrupt is being answered already; leaving now would let trials run on behind the caller's back
            }
        }
    }

    private static void failWhereNothingIsLeft(SweepConfig config, Path out, SweepSummary summary, List<TrialRecord> before) {
        // a record that is the very one from the journal is of an earlier run
        TrialRecord first = summary.trials().stream().filter(r -> r.status() == TrialStatus.FAILED && r != before.get(r.trial().index()))
                .findFirst().orElse(null);
        boolean noneComplete = summary.count(TrialStatus.COMPLETE) == 0;
        if (first == null || !noneComplete && !config.stopOnFailure()) {
            return;
        }
        long failed = summary.count(TrialStatus.FAILED);
        String what = noneComplete
                ? "the sweep has no result: " + failed + " of " + summary.trials().size() + " trials failed, none completed. The first, "
                : "the sweep stopped because a trial failed (sweep.stop_on_failure): ";
        throw new UserError(what + first.trial().name() + ": " + first.errorSummary() + ". Its whole error is in " + out.resolve(SweepJournal.FILE)
                + ". Mend the cause and run the same sweep again: it continues with what is missing.");
    }
}
