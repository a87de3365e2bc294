package io.softq4j.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.training.rows.DataSummary;
import io.softq4j.training.rows.SlotUse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlainProgressTest {

    private static final DataSummary DATA = new DataSummary(1200, 50_000, 30_000, 1200, 0, List.of(), 0, List.of(),
            new SlotUse.Packed(1200, 100, 512, 50_000));

    @Test
    void plainLinesComeEveryFewSecondsAndAtBothEnds() {
        List<String> lines = new ArrayList<>();
        long[] now = {0};
        PlainProgress progress = new PlainProgress(lines::add, 5, () -> now[0]);
        progress.started(0, 100, DATA);
        for (int step = 1; step <= 100; step++) {
            now[0] += 1_000_000_000L;
            progress.left(100 - step);
            progress.step(metrics(step));
        }
        progress.evaluated(new EvalMetrics(100, 1, SampleFigures.of(2, 1, 0, 0, 0.5, 0)));
        progress.saved(Path.of("run", "checkpoint-100"));
        progress.ended();
        assertEquals("training on 1,200 examples (50,000 tokens, 30,000 scored): steps 1 to 100", lines.get(0));
        assertEquals("packed 1,200 examples into 100 rows of 512 tokens: 97.7 % of the slots used", lines.get(1));
        assertEquals("step 1 of 100  loss 1.5000 (nll 1.0000, td 5.0000, lambda 0.100)  grad 0.700  12,345 tokens/s  lr 0.000500  1 min 39 s left",
                lines.get(2));
        assertTrue(lines.get(3).startsWith("step 6 of 100  "), lines.get(3));
        assertTrue(lines.get(3).endsWith("  1 min 34 s left"), lines.get(3));
        assertTrue(lines.get(lines.size() - 3).startsWith("step 100 of 100  "));
        assertEquals("step 100  eval loss 2.5000 (nll 2.0000, td 1.0000)", lines.get(lines.size() - 2));
        assertEquals("saved " + Path.of("run", "checkpoint-100"), lines.get(lines.size() - 1));
        assertEquals(2 + 20 + 1 + 2, lines.size());
    }

    @Test
    void aLongValidationShowsHowFarItIs() {
        List<String> lines = new ArrayList<>();
        long[] now = {0};
        PlainProgress progress = new PlainProgress(lines::add, 5, () -> now[0]);
        progress.started(0, 100, DATA);
        progress.step(metrics(100));
        int before = lines.size();
        for (int rows = 100; rows <= 1200; rows += 100) {
            now[0] += 2_000_000_000L;
            progress.evaluating(rows, 1200);
        }
        assertEquals(List.of("validation: 300 of 1,200 rows", "validation: 600 of 1,200 rows", "validation: 900 of 1,200 rows",
                "validation: 1,200 of 1,200 rows"), lines.subList(before, lines.size()));
    }

    private static StepMetrics metrics(long step) {
        return new StepMetrics(step, 0.5, SampleFigures.of(1, 5, 3, 2, 0.1, 0), 0.7, 5e-4, 1000, 12_345, 9);
    }
}
