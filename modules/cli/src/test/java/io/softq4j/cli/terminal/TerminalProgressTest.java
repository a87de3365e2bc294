package io.softq4j.cli.terminal;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.objective.Figures;
import io.softq4j.training.EvalMetrics;
import io.softq4j.training.StepMetrics;
import io.softq4j.training.rows.DataSummary;
import io.softq4j.training.rows.SlotUse;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class TerminalProgressTest {

    private static final DataSummary DATA = new DataSummary(1200, 50_000, 30_000, 1200, 0, List.of(), 0, List.of(),
            new SlotUse.Packed(1200, 100, 512, 50_000));

    @Test
    void theUseOfSlotsComesBeforeTheBarThatShowsStepsLossAndRate() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        TerminalProgress progress = new TerminalProgress(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        progress.started(0, 4, DATA);
        progress.step(metrics(3));
        progress.evaluated(new EvalMetrics(3, 1, figures(2, 1, 0.5)));
        progress.step(metrics(4));
        progress.saved(Path.of("checkpoint-4"));
        progress.ended();
        String drawn = bytes.toString(StandardCharsets.UTF_8);
        assertTrue(drawn.startsWith("packed 1,200 examples into 100 rows of 512 tokens: 97.7 % of the slots used" + System.lineSeparator()), drawn);
        assertTrue(drawn.contains("train"), drawn);
        assertTrue(drawn.contains("4/4"), drawn);
    }

    @Test
    void aBarThatWasNeverStartedEndsQuietly() {
        new TerminalProgress(new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8)).ended();
    }

    private static Figures figures(double nll, double td, double lambda) {
        return Figures.NONE.term("nll", nll, 1, 1).term("td", td, 1, lambda);
    }

    private static StepMetrics metrics(long step) {
        return new StepMetrics(step, 0.5, figures(1, 5, 0.1), 0.7, 5e-4, 1000, 12_345, 9);
    }
}
