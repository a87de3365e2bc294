package io.softq4j.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SweepSummaryTest {

    private static final List<Trial> TRIALS = Sweep.plan(Descent.grid(Map.of("objective.lambda", List.of(0, 0.1, 0.5)), 1L, 2L), Path.of("out"));

    @Test
    void trialsAreRankedByScoreThenIndexAndTheUnfinishedComeLast() {
        SweepSummary summary = new SweepSummary(List.of(complete(0, 1), failed(1), complete(2, 3), complete(3, 3), TrialRecord.pending(TRIALS.get(4)),
                complete(5, -2)));

        assertEquals(List.of(2, 3, 0, 5, 1, 4), summary.ranked().stream().map(r -> r.trial().index()).toList());
        assertEquals(2, summary.best().orElseThrow().trial().index());
    }

    @Test
    void aGroupAveragesItsSettingOverTheSeedsThatCompleted() {
        SweepSummary summary = new SweepSummary(List.of(complete(0, 1), complete(1, 4), complete(2, 3), failed(3), failed(4), failed(5)));

        List<SweepSummary.Group> groups = summary.groups();

        assertEquals(List.of("lambda=0", "lambda=0.1", "lambda=0.5"), groups.stream().map(SweepSummary.Group::label).toList());
        assertEquals(2.5, groups.get(0).mean());
        assertEquals(Math.sqrt(4.5), groups.get(0).std(), 1e-15); // ((1.5)^2 + (1.5)^2) / (2 - 1)
        assertEquals(List.of(2), groups.get(1).complete().stream().map(r -> r.trial().index()).toList());
        assertEquals(3, groups.get(1).mean());
        assertTrue(Double.isNaN(groups.get(1).std()));
        assertTrue(Double.isNaN(groups.get(2).mean()));
        assertEquals(Map.of("objective.lambda", 0.5), groups.get(2).parameters());
    }

    @Test
    void nothingIsBestWhereNothingIsComplete() {
        assertTrue(new SweepSummary(List.of(failed(0), TrialRecord.pending(TRIALS.get(1)))).best().isEmpty());
    }

    private static TrialRecord complete(int index, double score) {
        return TrialRecord.complete(TRIALS.get(index), score, Map.of(), 1);
    }

    private static TrialRecord failed(int index) {
        return TrialRecord.failed(TRIALS.get(index), new IllegalStateException("x"), 1);
    }
}
