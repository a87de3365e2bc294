package io.softq4j.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.common.FaultyFiles;
import io.softq4j.common.FaultyFiles.Then;
import io.softq4j.common.UserError;
import io.softq4j.training.optim.LrSchedulerType;
import io.softq4j.training.run.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever stops a run, wherever it stops it, what is on the disk continues to the same bits. */
class CrashTest {

    @TempDir
    Path runs;

    /** Every open, write, force, create, delete and rename of a whole run is the last one in its turn. */
    @ParameterizedTest
    @EnumSource(Then.class)
    void aRunStoppedAtAnyChangeOfTheDiskResumesToTheSameBits(Then then) throws IOException {
        Path whole = runs.resolve("whole");
        trainer(whole).train();
        int stopped = 0;
        for (int n = 1; ; n++) {
            Path run = runs.resolve("run-" + n);
            Path faulty = FaultyFiles.faulty(run, n, then);
            stopped += fails(faulty) ? 1 : 0;
            if (FaultyFiles.changes(faulty) < n) {
                break;
            }
            boolean begun = Files.exists(run.resolve("config.yaml"));
            TrainingResult result = begun ? trainer(run).resume() : trainer(run).train();
            assertEquals(4, result.steps());
            TinyRun.assertSame(whole, run, then + " at change " + n);
        }
        assertTrue(stopped > 40, "only " + stopped + " changes stopped the run");
    }

    /** Four steps, two checkpoints of which one is kept. */
    private static Trainer trainer(Path run) {
        TrainingConfig config = TrainingConfig.defaults().with(c -> c.numTrainEpochs(1).maxSteps(4).perDeviceTrainBatchSize(2)
                .gradientAccumulationSteps(2).learningRate(0.05).weightDecay(0.1).adamBeta2(0.99).maxGradNorm(0.5).warmupSteps(1).seed(3)
                .loggingSteps(1).saveSteps(2).saveTotalLimit(1).maxLength(16).bucketMultiple(4).maxEvalSamples(0));
        return TinyRun.trainer(config, new BigramModel(TinyRun.VOCABULARY), run, ProgressListener.NONE);
    }

    private static boolean fails(Path run) {
        try {
            trainer(run).train();
            return false;
        } catch (FaultyFiles.Killed e) {
            return true;
        } catch (UserError e) {
            assertTrue(e.getMessage().startsWith("cannot write "), e.getMessage());
            assertTrue(e.getMessage().contains("No space left on device"), e.getMessage());
            return true;
        }
    }

    /** A process that saves after every step, killed with SIGKILL while it does. */
    @Test
    void aProcessKilledWhileItSavesLeavesAWholeCheckpoint() throws Exception {
        Path run = runs.resolve("run");
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        for (int round = 1; round <= 4; round++) {
            Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m", "-cp", classPath,
                    SavingProcess.class.getName(), run.toString()).redirectErrorStream(true).redirectOutput(runs.resolve("output").toFile()).start();
            long before = step(run);
            while (step(run) < before + 2) {
                assertTrue(process.isAlive(), () -> read(runs.resolve("output")));
                Thread.sleep(1);
            }
            Thread.sleep(round * 3L);
            process.destroyForcibly().waitFor();
            Optional<Checkpoint> latest = Checkpoint.latest(run);
            assertTrue(latest.orElseThrow().state().globalStep() >= before + 2, "round " + round);
        }
    }

    /** Entry point of the process. */
    static final class SavingProcess {

        private SavingProcess() {
        }

        public static void main(String[] arguments) {
            Path run = Path.of(arguments[0]);
            TrainingConfig config = TrainingConfig.defaults().with(c -> c.numTrainEpochs(1).maxSteps(1_000_000).perDeviceTrainBatchSize(2)
                    .learningRate(0.01).adamBeta2(0.99).lrSchedulerType(LrSchedulerType.CONSTANT).seed(1).loggingSteps(1).saveSteps(1)
                    .maxLength(16).bucketMultiple(4).maxEvalSamples(0));
            Trainer trainer = TinyRun.trainer(config, new BigramModel(200), run, ProgressListener.NONE);
            if (Files.exists(run.resolve("config.yaml"))) {
                trainer.resume();
            } else {
                trainer.train();
            }
        }
    }

    private static long step(Path run) throws IOException {
        if (!Files.isDirectory(run)) {
            return 0;
        }
        try (var entries = Files.list(run)) {
            return entries.map(p -> p.getFileName().toString()).filter(n -> n.startsWith("checkpoint-"))
                    .mapToLong(n -> Long.parseLong(n.substring("checkpoint-".length()))).max().orElse(0);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
