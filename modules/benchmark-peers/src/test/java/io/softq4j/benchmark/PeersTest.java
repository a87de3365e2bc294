package io.softq4j.benchmark;

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

    @Test
    void lossesOfFiveStepsEqualOurs() throws IOException {
        Path benchmark = Path.of("../benchmark/target");
        Processes processes = new Processes(benchmark.resolve("classes") + ":" + Files.readString(benchmark.resolve("classpath.txt")).strip(),
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                List.of("--add-modules=jdk.incubator.vector", "-Dorg.nd4j.log.initialization=false"), 2);
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
