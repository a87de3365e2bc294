package io.softq4j.sweep;

import java.util.List;
import org.deeplearning4j.arbiter.optimize.api.OptimizationResult;
import org.deeplearning4j.arbiter.optimize.api.saving.ResultReference;
import org.deeplearning4j.arbiter.optimize.api.saving.ResultSaver;

/** Arbiter's result saver: the journal. What is saved is the trial's record; the trial's model lies in its directory. */
final class JournalSaver implements ResultSaver {

    private record Saved(OptimizationResult result, TrialRecord record) implements ResultReference {

        @Override
        public OptimizationResult getResult() {
            return result;
        }

        @Override
        public Object getResultModel() {
            return record;
        }
    }

    private final SweepJournal journal;

    JournalSaver(SweepJournal journal) {
        this.journal = journal;
    }

    @Override
    public ResultReference saveModel(OptimizationResult result, Object model) {
        TrialRecord record = (TrialRecord) model;
        journal.record(record);
        return new Saved(result, record);
    }

    @Override
    public List<Class<?>> getSupportedCandidateTypes() {
        return List.of(java.util.LinkedHashMap.class);
    }

    @Override
    public List<Class<?>> getSupportedModelTypes() {
        return List.of(TrialRecord.class);
    }
}
