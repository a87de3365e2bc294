package io.softq4j.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.common.AtomicFiles;
import io.softq4j.common.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SweepResumeTest {

    private static final SweepListener QUIET = new SweepListener() { };
    private static final SweepConfig CONFIG = Descent.grid(Map.of("objective.lambda", List.of(0, 0.1)), 1L, 2L);
    private static final Map<String, Object> BASE = Map.of("training", Map.of("steps", 20, "rates", List.of(0.5, 1)));

    @TempDir
    Path out;

    @Test
    void completeTrialsKeepTheirReportsAndTheOthersRunAgain() throws Exception {
        SweepSummary first = Sweep.run(CONFIG, BASE, out, trial -> {
            if (trial.index() == 2) {
                throw new IllegalStateException("out of luck");
            }
            return Descent.run(trial);
        }, QUIET);
        List<Integer> ran = new ArrayList<>();

        SweepSummary second = Sweep.run(Descent.parallel(CONFIG, 2), BASE, out, trial -> {
            ran.add(trial.index());
            return Descent.run(trial);
        }, QUIET);

        assertEquals(List.of(2), ran);
        assertEquals(4, second.count(TrialStatus.COMPLETE));
        assertEquals(first.trials().get(3), second.trials().get(3));
        assertEquals(Descent.run(second.trials().get(2).trial()).report(), second.trials().get(2).report());
    }

    @Test
    void aFinishedSweepRunsNothingAndSaysTheSame() throws Exception {
        SweepSummary first = Sweep.run(CONFIG, BASE, out, Descent::run, QUIET);
        byte[] journal = Files.readAllBytes(out.resolve("sweep.json"));
        List<Integer> toRun = new ArrayList<>();

        SweepSummary second = Sweep.run(CONFIG, BASE, out, trial -> {
            throw new IllegalStateException("must not run");
        }, new SweepListener() {
            @Override
            public void sweepStarted(List<TrialRecord> records, int count) {
                toRun.add(count);
            }
        });

        assertEquals(List.of(0), toRun);
        assertEquals(first, second);
        assertEquals(new String(journal), Files.readString(out.resolve("sweep.json")));
    }

    @Test
    void deletingATrialsDirectoryRunsItAgain() throws Exception {
        SweepSummary first = Sweep.run(CONFIG, BASE, out, Descent::run, QUIET);
        AtomicFiles.delete(first.trials().get(1).trial().directory());
        List<Integer> ran = new ArrayList<>();

        Sweep.run(CONFIG, BASE, out, trial -> {
            ran.add(trial.index());
            return Descent.run(trial);
        }, QUIET);

        assertEquals(List.of(1), ran);
    }

    @Test
    void numbersThatJsonDoesNotHaveAreNullInAFreshReportAsInAResumedOne() throws Exception {
        TrialRunner runner = trial -> {
            Map<String, Object> report = new LinkedHashMap<>();
            report.put("perplexity", Double.POSITIVE_INFINITY);
            report.put("rows", List.of(Arrays.asList(1, 0.1f, Double.NaN, null)));
            return new TrialResult(1, report);
        };

        SweepSummary fresh = Sweep.run(CONFIG, BASE, out, runner, QUIET);
        SweepSummary resumed = Sweep.run(CONFIG, BASE, out, runner, QUIET);

        assertEquals("{perplexity=null, rows=[[1, 0.1, null, null]]}", fresh.trials().get(0).report().toString());
        assertEquals(fresh, resumed);
    }

    @Test
    void anotherStudyIsRefusedWithWhatDiffersAndWhatToDo() throws Exception {
        Sweep.run(CONFIG, BASE, out, Descent::run, QUIET);
        String journal = Files.readString(out.resolve("sweep.json"));
        SweepConfig changed = Descent.grid(Map.of("objective.lambda", List.of(0, 0.5)), 1L, 2L, 3L);

        UserError error = assertThrows(UserError.class,
                () -> Sweep.run(changed, Map.of("training", Map.of("steps", 40, "rates", List.of(0.5, 1.0))), out, Descent::run, QUIET));

        assertEquals(out.resolve("sweep.json") + " belongs to another study. sweep.parameters.objective.lambda: [0, 0.1] there, [0, 0.5] now; "
                + "training.steps: 20 there, 40 now. Trials of different studies cannot be compared; "
                + "a study may have more values, seeds or random trials than before, not fewer. Choose another output directory, or delete this file and the trial-* directories beside it to start anew, "
                + "or set the values back to continue.", error.getMessage());
        assertEquals(journal, Files.readString(out.resolve("sweep.json")));
    }

    @Test
    void aStudyGrowsByValuesAndSeedsAndKeepsWhatIsThere() throws Exception {
        SweepSummary first = Sweep.run(CONFIG, BASE, out, Descent::run, QUIET);
        List<String> ran = new ArrayList<>();
        SweepConfig larger = Descent.grid(Map.of("objective.lambda", List.of(0, 0.05, 0.1)), 3L, 1L, 2L);

        SweepSummary second = Sweep.run(larger, BASE, out, trial -> {
            ran.add(trial.name());
            return Descent.run(trial);
        }, QUIET);

        assertEquals(List.of("trial-004-lambda=0-seed=3", "trial-005-lambda=0.05-seed=3", "trial-006-lambda=0.05-seed=1", "trial-007-lambda=0.05-seed=2",
                "trial-008-lambda=0.1-seed=3"), ran);
        assertEquals(9, second.count(TrialStatus.COMPLETE));
        for (TrialRecord before : first.trials()) {
            TrialRecord after = second.trials().stream().filter(r -> r.trial().name().equals(before.trial().name())).findFirst().orElseThrow();
            assertEquals(before.trial().parameters(), after.trial().parameters());
            assertEquals(before.report(), after.report());
        }
        assertEquals(second, Sweep.run(larger, BASE, out, trial -> {
            throw new IllegalStateException("must not run");
        }, QUIET));
        assertTrue(refusal().contains("sweep.parameters.objective.lambda: [0, 0.05, 0.1] there, [0, 0.1] now; sweep.seeds: [3, 1, 2] there"), refusal());
    }

    @Test
    void aRandomSearchGrowsByTrialsAndSeeds() throws Exception {
        Map<String, Object> spaces = Map.of("objective.lambda", List.of(0, 0.1));    // four draws of two values: some are equal
        SweepConfig small = SweepConfig.defaults().with(c -> c.parameters(spaces).seeds(List.of(1L)).search(Search.RANDOM).trials(4));
        SweepConfig large = SweepConfig.defaults().with(c -> c.parameters(spaces).seeds(List.of(1L, 2L)).search(Search.RANDOM).trials(6));
        SweepSummary first = Sweep.run(small, BASE, out, Descent::run, QUIET);
        List<Integer> ran = new ArrayList<>();
        SweepSummary second = Sweep.run(large, BASE, out, trial -> {
            ran.add(trial.index());
            return Descent.run(trial);
        }, QUIET);
        assertEquals(12, second.trials().size());
        assertEquals(12 - first.trials().size(), ran.size());
        assertEquals(12, second.trials().stream().map(r -> r.trial().directory()).distinct().count());
    }

    @Test
    void aFullDiskStopsTheStudyWithOneMessage() throws Exception {
        List<Integer> ran = new ArrayList<>();
        TrialRunner filling = trial -> {
            ran.add(trial.index());
            if (trial.index() == 1) {
                throw new UserError("cannot write model.", new java.nio.file.FileSystemException("model", null, "No space left on device"));
            }
            return Descent.run(trial);
        };

        UserError error = assertThrows(UserError.class, () -> Sweep.run(CONFIG, BASE, out, filling, QUIET));

        assertEquals("the sweep stopped at trial-001-lambda=0-seed=2, since the disk is full: cannot write model. "
                + "Make room and run the same sweep again: it goes on where it stopped.", error.getMessage());
        assertEquals(List.of(0, 1), ran);
        ran.clear();
        assertEquals(4, Sweep.run(CONFIG, BASE, out, trial -> {
            ran.add(trial.index());
            return Descent.run(trial);
        }, QUIET).count(TrialStatus.COMPLETE));
        assertEquals(List.of(1, 2, 3), ran);
    }

    @Test
    void parametersInAnotherOrderAreAnotherNumberingAndRefused() throws Exception {
        Map<String, Object> ab = new LinkedHashMap<>();
        ab.put("a", List.of(1));
        ab.put("b", List.of(1));
        Map<String, Object> ba = new LinkedHashMap<>();
        ba.put("b", List.of(1));
        ba.put("a", List.of(1));
        Sweep.run(Descent.grid(ab, 1L), BASE, out, Descent::run, QUIET);

        UserError error = assertThrows(UserError.class, () -> Sweep.run(Descent.grid(ba, 1L), BASE, out, Descent::run, QUIET));

        assertTrue(error.getMessage().contains("order of sweep.parameters: [a, b] there, [b, a] now"), error.getMessage());
    }

    @Test
    void aDamagedJournalIsNotOverwritten() throws Exception {
        Files.writeString(out.resolve("sweep.json"), "{\"format\": \"softq4j-sweep\",\n \"version\": 1, ");
        assertTrue(refusal().startsWith("cannot continue from " + out.resolve("sweep.json") + ": it is not JSON: "), refusal());
        assertTrue(refusal().contains("at line 2"), refusal());

        Files.writeString(out.resolve("sweep.json"), "{\"epochs\": 3}");
        assertTrue(refusal().contains("format 'null' version null, expected 'softq4j-sweep' version 1"), refusal());
        assertEquals("{\"epochs\": 3}", Files.readString(out.resolve("sweep.json")));

        Files.delete(out.resolve("sweep.json"));
        Sweep.run(CONFIG, BASE, out, Descent::run, QUIET);
        Files.writeString(out.resolve("sweep.json"), Files.readString(out.resolve("sweep.json")).replaceFirst("\"complete\"", "\"done\""));
        assertTrue(refusal().contains("its trials are not as this program writes them"), refusal());
    }

    @Test
    void trialsOfUnknownOriginAreNotContinued() throws Exception {
        Files.createDirectories(out.resolve("trial-002-lambda=0.1-seed=1"));

        assertEquals(out.resolve("trial-002-lambda=0.1-seed=1") + " exists, but " + out.resolve("sweep.json")
                + ", which would say from which study it is, does not. Restore the file, or delete the trial-* directories beside it, "
                + "or choose another output directory.", refusal());
    }

    @Test
    void anOutputThatIsAFileIsAUsersError() throws Exception {
        Files.writeString(out.resolve("taken"), "x");

        UserError error = assertThrows(UserError.class, () -> Sweep.run(CONFIG, BASE, out.resolve("taken"), Descent::run, QUIET));

        assertTrue(error.getMessage().startsWith("cannot write " + out.resolve("taken/sweep.json")), error.getMessage());
    }

    /** The whole thing by its real ending: a process killed while a trial runs. */
    @Test
    void aKilledProcessLeavesAJournalFromWhichTheSweepGoesOn() throws Exception {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path"), StuckSweep.class.getName(), out.toString()).redirectErrorStream(true)
                .redirectOutput(out.resolve("log").toFile()).start();
        try {
            for (int i = 0; i < 600 && process.isAlive() && !Files.exists(out.resolve("stuck")); i++) {
                Thread.sleep(50);
            }
            assertTrue(Files.exists(out.resolve("stuck")), Files.readString(out.resolve("log")));
        } finally {
            process.destroyForcibly().waitFor();
        }
        List<Integer> ran = new ArrayList<>();

        SweepSummary summary = Sweep.run(CONFIG, BASE, out, trial -> {
            assertFalse(Files.exists(trial.directory().resolve("finished")));
            ran.add(trial.index());
            return Descent.run(trial);
        }, QUIET);

        assertEquals(List.of(2, 3), ran);
        assertEquals(4, summary.count(TrialStatus.COMPLETE));
    }

    /** Completes two trials and never ends the third. */
    static final class StuckSweep {

        public static void main(String[] arguments) throws Exception {
            Path out = Path.of(arguments[0]);
            Sweep.run(CONFIG, BASE, out, trial -> {
                if (trial.index() == 2) {
                    Files.writeString(out.resolve("stuck"), "");
                    Thread.sleep(600_000);
                }
                Files.writeString(trial.directory().resolve("finished"), "");
                return Descent.run(trial);
            }, QUIET);
        }
    }

    private String refusal() {
        return assertThrows(UserError.class, () -> Sweep.run(CONFIG, BASE, out, Descent::run, QUIET)).getMessage();
    }
}
