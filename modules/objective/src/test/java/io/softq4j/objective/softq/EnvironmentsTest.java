package io.softq4j.objective.softq;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** The same training where it is run otherwise. */
class EnvironmentsTest {

    private static List<String> run(String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of(options));
        command.addAll(List.of("-Dorg.nd4j.log.initialization=false", "-cp", System.getProperty("java.class.path"), TenSteps.class.getName()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), out);
        return out.lines().toList();
    }

    private static double[] losses(List<String> lines) {
        return lines.stream().filter(line -> line.startsWith("loss ")).mapToDouble(line -> Double.parseDouble(line.substring(5))).toArray();
    }

    /** As in an application that starts its JVM without it: standard ops, slower, the same. */
    @Test
    void withoutTheVectorApiModuleStandardOpsTrainTheSame() throws Exception {
        List<String> lines = run();
        assertTrue(lines.contains("lowering STANDARD"), lines.toString());
        assertArrayEquals(TenSteps.losses(), losses(lines), 1e-4);
        long said = lines.stream().filter(line -> line.contains("Vector API module is missing")).count();
        assertTrue(said <= 1, lines.toString());
    }

    /** A CPU without AVX-512, as far as Java can be told: vectors of half the length. */
    @Test
    void shorterVectorsTrainTheSame() throws Exception {
        List<String> lines = run("--add-modules=jdk.incubator.vector", "-XX:+IgnoreUnrecognizedVMOptions", "-XX:UseAVX=2");
        assertTrue(lines.contains("lowering FUSED"), lines.toString());
        assertArrayEquals(TenSteps.losses(), losses(lines), 1e-4);
    }

    @Test
    void modelsTrainedAtOnceInOneJvmDoNotDisturbEachOther() throws Exception {
        double[] alone = TenSteps.losses();
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            List<Future<double[]>> running = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                running.add(threads.submit(TenSteps::losses));
            }
            for (Future<double[]> one : running) {
                assertEquals(Arrays.toString(alone), Arrays.toString(one.get()));
            }
        } finally {
            threads.shutdown();
        }
    }
}
