package io.softq4j.sweep;

import java.util.List;
import org.deeplearning4j.arbiter.optimize.api.OptimizationResult;
import org.deeplearning4j.arbiter.optimize.runner.CandidateInfo;
import org.deeplearning4j.arbiter.optimize.runner.CandidateStatus;
import org.deeplearning4j.arbiter.optimize.runner.IOptimizationRunner;
import org.deeplearning4j.arbiter.optimize.runner.listener.BaseStatusListener;

/** Passes Arbiter's status changes on to a {@link SweepListener}, one at a time. */
final class ListenerBridge extends BaseStatusListener {

    private final List<Trial> trials;
    private final SweepListener listener;

    ListenerBridge(List<Trial> trials, SweepListener listener) {
        this.trials = trials;
        this.listener = listener;
    }

    @Override
    public synchronized void onCandidateStatusChange(CandidateInfo info, IOptimizationRunner runner, OptimizationResult result) {
        if (info.getCandidateStatus() == CandidateStatus.Running) {
            listener.trialStarted(trials.get(info.getIndex()));
        } else if (info.getCandidateStatus() != CandidateStatus.Created) { // Created: queued by Arbiter, which may be long before it runs
            listener.trialFinished((TrialRecord) result.getModelSpecificResults());
        }
    }
}
