package io.softq4j.benchmark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both ways to PyTorch train the model that softq4j trains. */
class PeersTest {

    private static final ModelShape TINY = new ModelShape(2, 64, 4, 512, 2, 32);

    @TempDir
    private Path directory;

    private static Processes processes() throws IOException {
        Path benchmark = Path.of("../benchmark/target");
        return new Processes(benchmark.resolve("classes") + ":" + Files.readString(benchmark.resolve("classpath.txt")).strip(),
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                List.of("--add-modules=jdk.incubator.vector", "-Dorg.nd4j.log.initialization=false"), 2);
    }

    @Test
    void theFasterIsComparedInSpeedAndMemory() throws IOException {
        List<Row> rows = new AgainstPyTorch("tiny", TINY, 2).run(processes(), 1);
        assertEquals(List.of("tiny: speed", "tiny: share of the matrix peak", "tiny: peak memory", "tiny: with gradient_checkpointing"),
                rows.stream().map(Row::measure).toList());
        assertTrue(rows.get(0).note().matches("PyTorch \\S+ \\(\\w+\\); PyTorch \\S+ \\(\\w+\\) took \\S+ times as long"), rows.get(0).note());
    }

    @Test
    void lossesOfFiveStepsEqualOurs() throws IOException {
        Processes processes = processes();
        try (TrainingChild ours = processes.ours(TINY)) {
            ours.write(directory);
            double[] losses = ours.step(LossMismatch.STEPS, 0).losses();
            for (String way : PyTorch.WAYS) {
                try (TrainingChild peer = processes.peer(way, TINY, directory)) {
                    LossMismatch.check(ours.name(), losses, peer.name(), peer.step(LossMismatch.STEPS, 0).losses());
                }
            }
        }
    }
}
