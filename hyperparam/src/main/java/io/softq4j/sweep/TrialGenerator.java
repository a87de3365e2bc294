package io.softq4j.sweep;

import java.util.Iterator;
import java.util.List;
import org.deeplearning4j.arbiter.optimize.api.Candidate;
import org.deeplearning4j.arbiter.optimize.api.CandidateGenerator;
import org.deeplearning4j.arbiter.optimize.api.OptimizationResult;
import org.deeplearning4j.arbiter.optimize.api.ParameterSpace;

/**
 * Hands Arbiter the trials still to run, in order, under their own indices. Arbiter's generators number candidates as they come and draw them from
 * a shared generator, so a resumed study would get other trials; here they are known beforehand, and none can fail to be generated.
 */
final class TrialGenerator implements CandidateGenerator {

    private final TrialPlan plan;
    private final Iterator<Trial> next;

    TrialGenerator(TrialPlan plan, List<Trial> toRun) {
        this.plan = plan;
        this.next = toRun.iterator();
    }

    @Override
    public boolean hasMoreCandidates() {
        return next.hasNext();
    }

    @Override
    @SuppressWarnings("rawtypes")
    public Candidate getCandidate() {
        int index = next.next().index();
        double[] point = plan.points().get(index);
        return new Candidate<>(plan.space().getValue(point), index, point);
    }

    @Override
    public void reportResults(OptimizationResult result) {
        // no later trial depends on an earlier one's result
    }

    @Override
    public ParameterSpace<?> getParameterSpace() {
        return plan.space();
    }

    @Override
    public void setRngSeed(long seed) {
        throw new UnsupportedOperationException("the plan has the study's seed already");
    }

    @Override
    public Class<?> getCandidateType() {
        return java.util.LinkedHashMap.class;
    }
}
