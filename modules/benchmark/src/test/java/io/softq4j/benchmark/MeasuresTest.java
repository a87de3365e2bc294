package io.softq4j.benchmark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Measures of processes, on a model small enough for a test; that they are measured, not what. */
class MeasuresTest {

    private static final ModelShape TINY = new ModelShape(2, 64, 4, 512, 2, 32);
    private static final String CLASS_PATH = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    private static final Processes PROCESSES = new Processes(CLASS_PATH, "",
            List.of("--add-modules=jdk.incubator.vector", "-Dorg.nd4j.log.initialization=false"), 2);

    @Test
    void softQIsMeasuredInOneProcess() {
        List<Row> rows = new SoftQOverhead(TINY).run(PROCESSES, 1);
        assertEquals("s/step", rows.get(0).unit());
        assertTrue(rows.get(0).ratio() > 0, rows.toString());
    }

    @Test
    void onnxRuntimeDecodesTheSameTokensFromTheExportedStep() {
        Row row = new Decode(TINY.withBatch(Prompts.ROWS, Prompts.LENGTH + Prompts.NEW_TOKENS)).run(PROCESSES, 1).get(0);
        assertTrue(row.note().endsWith(" with a key-value cache; 100.0 % of the tokens are the same"), row.note());
    }
}
