package io.softq4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.softq4j.sweep.Trial;
import io.softq4j.sweep.TrialRecord;
import io.softq4j.sweep.TrialStatus;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AnnouncementsTest {

    private static TrialRecord record(int index, TrialStatus status, double seconds) {
        Trial trial = new Trial(index, Map.of("objective.lambda", 0.1), index, Path.of("out/trial-00" + index));
        return new TrialRecord(trial, status, status == TrialStatus.COMPLETE ? 7 : Double.NaN, seconds, Map.of(),
                status == TrialStatus.FAILED ? "diverged" : "");
    }

    private static String said(int parallelism) {
        StringWriter text = new StringWriter();
        SweepCommand.Announcements announcements = new SweepCommand.Announcements(new PrintWriter(text, true), parallelism);
        announcements.sweepStarted(List.of(record(0, TrialStatus.COMPLETE, 100), record(1, TrialStatus.PENDING, 0), record(2, TrialStatus.PENDING, 0),
                record(3, TrialStatus.PENDING, 0)), 3);
        announcements.trialStarted(record(1, TrialStatus.PENDING, 0).trial());
        announcements.trialFinished(record(1, TrialStatus.COMPLETE, 140));
        announcements.trialFinished(record(2, TrialStatus.FAILED, 1));
        announcements.trialFinished(record(3, TrialStatus.COMPLETE, 60));
        return text.toString();
    }

    @Test
    void theTimeLeftForTheWholeStudyIsShown() {
        assertEquals("""
                4 trials, 1 done before; about 5 min 0 s left for 3 trials
                trial 2 of 4: lambda=0.1, seed 1
                  done in 140 s, hypervolume 7.0; about 4 min 0 s left for 2 trials
                  failed: diverged; about 2 min 0 s left for 1 trial
                  done in 60 s, hypervolume 7.0
                """, said(1));
    }

    @Test
    void linesOfParallelTrialsCarryTheTrialsName() {
        assertEquals("""
                4 trials, 1 done before; about 3 min 20 s left for 3 trials
                trial 2 of 4: lambda=0.1, seed 1
                trial-001: done in 140 s, hypervolume 7.0; about 2 min 0 s left for 2 trials
                trial-002: failed: diverged; about 2 min 0 s left for 1 trial
                trial-003: done in 60 s, hypervolume 7.0
                """, said(2));
    }
}
