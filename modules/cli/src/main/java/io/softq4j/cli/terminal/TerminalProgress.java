package io.softq4j.cli.terminal;

import io.softq4j.training.EvalMetrics;
import io.softq4j.training.PlainProgress;
import io.softq4j.training.ProgressListener;
import io.softq4j.training.StepMetrics;
import io.softq4j.training.rows.DataSummary;
import io.softq4j.training.run.TrainingMemory;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Progress as one bar that is drawn over, for a terminal: steps, time left, loss and tokens per second. */
public final class TerminalProgress implements ProgressListener {

    private static final int REDRAW_MILLIS = 250;

    private final PrintStream terminal;
    private ProgressBar bar;
    private String evaluation = "";
    private volatile double secondsLeft;    // read by the thread that draws

    /** Draws on {@code terminal}. */
    public TerminalProgress(PrintStream terminal) {
        this.terminal = terminal;
    }

    @Override
    public void planned(TrainingMemory memory) {
        terminal.println("memory: " + memory);
    }

    @Override
    public void started(long step, long totalSteps, DataSummary data) {
        if (step >= totalSteps) {
            terminal.println(PlainProgress.finished(step));
            return;
        }
        terminal.println(data.slots());
        bar = new ProgressBarBuilder().setTaskName("train").setInitialMax(totalSteps).startsFrom(step, Duration.ZERO).setUnit(" steps", 1)
                .setEtaFunction(state -> secondsLeft == 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(Math.round(secondsLeft))))
                .setUpdateIntervalMillis(REDRAW_MILLIS).setStyle(ProgressBarStyle.ASCII)
                .setConsumer(new ConsoleProgressBarConsumer(terminal)).build();
    }

    @Override
    public void left(double seconds) {
        secondsLeft = seconds;
    }

    @Override
    public void step(StepMetrics metrics) {
        bar.stepTo(metrics.step());
        bar.setExtraMessage(String.format(Locale.ROOT, " loss %.4f  %,.0f tokens/s%s", metrics.loss(), metrics.tokensPerSecond(), evaluation));
    }

    @Override
    public void evaluating(long rows, long total) {
        show(PlainProgress.validation(rows, total));
    }

    @Override
    public void generating(long tokens, long total) {
        show(PlainProgress.generation(tokens, total));
    }

    @Override
    public void evaluated(EvalMetrics metrics) {
        evaluation = "  eval " + metrics.text();
    }

    private void show(String work) {
        if (bar != null) {    // there is none where all steps are made, and an evaluation alone is left
            bar.setExtraMessage("  " + work);
        }
    }

    @Override
    public void saved(Path directory) {
        // the bar goes on; a checkpoint is no news on a terminal
    }

    @Override
    public void ended() {
        if (bar != null) {
            bar.close();
        }
    }
}
