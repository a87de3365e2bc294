package io.softq4j.sweep;

import io.softq4j.common.FullDisk;
import io.softq4j.common.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import org.deeplearning4j.arbiter.optimize.api.Candidate;
import org.deeplearning4j.arbiter.optimize.api.OptimizationResult;
import org.deeplearning4j.arbiter.optimize.api.TaskCreator;
import org.deeplearning4j.arbiter.optimize.api.data.DataProvider;
import org.deeplearning4j.arbiter.optimize.api.data.DataSource;
import org.deeplearning4j.arbiter.optimize.api.score.ScoreFunction;
import org.deeplearning4j.arbiter.optimize.runner.CandidateInfo;
import org.deeplearning4j.arbiter.optimize.runner.CandidateStatus;
import org.deeplearning4j.arbiter.optimize.runner.IOptimizationRunner;
import org.deeplearning4j.arbiter.optimize.runner.listener.StatusListener;

/**
 * Turns Arbiter's candidates into runs of our trials. A task never throws: Arbiter would count the failure but forget whose it was. It saves its
 * result and tells the status listeners itself, as Arbiter expects of tasks.
 */
@SuppressWarnings({"rawtypes", "deprecation"})
final class TrialTasks implements TaskCreator {

    private final List<Trial> trials;
    private final TrialRunner trialRunner;
    private final SweepControl control;
    private final boolean stopOnFailure;

    TrialTasks(List<Trial> trials, TrialRunner trialRunner, SweepControl control, boolean stopOnFailure) {
        this.trials = trials;
        this.trialRunner = trialRunner;
        this.control = control;
        this.stopOnFailure = stopOnFailure;
    }

    @Override
    public Callable<OptimizationResult> create(Candidate candidate, DataProvider dataProvider, ScoreFunction score, List<StatusListener> listeners,
            IOptimizationRunner runner) {
        return () -> run(candidate, score, listeners, runner);
    }

    @Override
    public Callable<OptimizationResult> create(Candidate candidate, Class<? extends DataSource> dataSource, Properties properties,
            ScoreFunction score, List<StatusListener> listeners, IOptimizationRunner runner) {
        return () -> run(candidate, score, listeners, runner);
    }

    private OptimizationResult run(Candidate candidate, ScoreFunction score, List<StatusListener> listeners, IOptimizationRunner runner) {
        Trial trial = trials.get(candidate.getIndex());
        long started = System.currentTimeMillis();
        OptimizationResult running = new OptimizationResult(candidate, null, trial.index(), null, null, null);
        CandidateInfo info = new CandidateInfo(trial.index(), CandidateStatus.Running, null, started, started, null,
                candidate.getFlatParameters(), null);
        try {
            for (StatusListener listener : listeners) {
                listener.onCandidateStatusChange(info, runner, running);
            }
            TrialRecord record = attempt(trial, score);
            if (stopOnFailure && record.status() == TrialStatus.FAILED) {
                control.stop();
            }
            OptimizationResult result = result(candidate, record, started);
            result.setResultReference(runner.getConfiguration().getResultSaver().saveModel(result, record));
            for (StatusListener listener : listeners) {
                listener.onCandidateStatusChange(result.getCandidateInfo(), runner, result);
            }
            return result;
        } catch (RuntimeException | IOException e) {
            // not the trial but the journal or the listener: nothing more can be kept, so the sweep ends
            control.fail(e instanceof RuntimeException r ? r : new java.io.UncheckedIOException((IOException) e));
            return result(candidate, TrialRecord.failed(trial, e, 0), started);
        }
    }

    private TrialRecord attempt(Trial trial, ScoreFunction score) {
        long from = System.nanoTime();
        try {
            Files.createDirectories(trial.directory());
            TrialResult result = trialRunner.run(trial);
            if (result == null) {
                throw new IllegalStateException("the trial gave no result");
            }
            return TrialRecord.complete(trial, score.score(result, (DataProvider) null, null), result.report(), seconds(from));
        } catch (Throwable e) { // an Error too, of memory or of a native library: the other trials may be smaller
            if (FullDisk.caused(e, trial.directory())) {
                control.fail(new UserError("the sweep stopped at " + trial.name() + ", since the disk is full: " + e.getMessage()
                        + " Make room and run the same sweep again: it goes on where it stopped.", e));
            }
            if (e instanceof CancellationException) {
                control.stop();    // others that run hear of it themselves
                return TrialRecord.cancelled(trial, seconds(from));
            }
            return control.cancelled() ? TrialRecord.cancelled(trial, seconds(from)) : TrialRecord.failed(trial, e, seconds(from));
        }
    }

    private static double seconds(long from) {
        return Math.round((System.nanoTime() - from) / 1e6) / 1e3;
    }

    private static OptimizationResult result(Candidate candidate, TrialRecord record, long started) {
        boolean complete = record.status() == TrialStatus.COMPLETE;
        Double score = complete ? record.score() : null;
        // Arbiter's runner treats all but Failed as a result with a score
        CandidateStatus status = complete ? CandidateStatus.Complete : CandidateStatus.Failed;
        CandidateInfo info = new CandidateInfo(record.trial().index(), status, score, started, started, System.currentTimeMillis(),
                candidate.getFlatParameters(), complete ? null : record.error());
        return new OptimizationResult(candidate, score, record.trial().index(), record, info, null);
    }
}
