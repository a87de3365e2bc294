package io.softq4j.objective.softq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.graph.Lowering;
import io.softq4j.model.Gpt2;
import io.softq4j.model.Gpt2Config;
import io.softq4j.objective.Batch;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/** Training for long: what lies off the heap neither grows nor waits for the garbage collector. */
class SoakTest {

    /** ND4J numbers every array and op context it makes off the heap, so that none can hide behind a collection at the right moment. */
    @ParameterizedTest
    @EnumSource(Lowering.class)
    void aWarmStepMakesNothingOffTheHeap(Lowering lowering) {
        Batch batch = Sequence.padded(Sequence.samples(), 8, 0);
        Gpt2Config size = Gpt2Config.defaults().with(c -> c.vocabSize(10).nPositions(16).nEmbd(8).nLayer(2).nHead(2).initializerRange(0.3));
        try (SoftQ objective = new SoftQ(Gpt2.build(size, 5, lowering, DataType.FLOAT), SoftQConfig.defaults())) {
            long before = 0;
            for (int step = 0; step < 10; step++) {
                before = step == 1 ? Nd4j.getDeallocatorService().nextValue() : before;
                objective.parameters().zeroGradients();
                objective.accumulateAt(batch, batch.counts(), 0.1);
                objective.evaluate(batch);
            }
            assertEquals(1, Nd4j.getDeallocatorService().nextValue() - before);
        }
    }

    /** A process of its own, whose Java heap is of one size and resident from the start, so that what grows is native. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void nativeMemoryStaysFlat() throws Exception {
        ProcessBuilder builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector", "-Xms96m", "-Xmx96m", "-XX:+AlwaysPreTouch", "-Dorg.bytedeco.javacpp.maxphysicalbytes=8g",
                "-Dorg.nd4j.log.initialization=false", "-cp", System.getProperty("java.class.path"), Soak.class.getName());
        builder.environment().put("OMP_NUM_THREADS", "1");
        Process process = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), out);
        List<Long> kilobytes = out.lines().filter(line -> line.startsWith("VmRSS")).map(line -> Long.parseLong(line.replaceAll("\\D", ""))).toList();
        assertEquals(4, kilobytes.size(), out);
        assertTrue(kilobytes.get(1) - kilobytes.get(0) < 12_000, "400 steps: " + kilobytes);
        assertTrue(kilobytes.get(3) - kilobytes.get(2) < 40_000, "50 plans of 10 MB: " + kilobytes);
    }
}
