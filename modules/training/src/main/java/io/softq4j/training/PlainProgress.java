package io.softq4j.training;

import io.softq4j.objective.Figure;
import io.softq4j.objective.Figures;
import io.softq4j.training.rows.DataSummary;
import io.softq4j.training.run.TrainingMemory;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Progress as lines of text, for logs and pipes: the first step, then one line every few seconds, within a validation too, and the last step. */
public final class PlainProgress implements ProgressListener {

    private final Consumer<String> lines;
    private final LongSupplier nanoTime;
    private final long intervalNanos;
    private long totalSteps;
    private long lastNanos;
    private double secondsLeft = Double.NaN;

    /** Writes to {@code lines}, at most every {@code seconds}. */
    public PlainProgress(Consumer<String> lines, double seconds) {
        this(lines, seconds, System::nanoTime);
    }

    PlainProgress(Consumer<String> lines, double seconds, LongSupplier nanoTime) {
        this.lines = lines;
        this.nanoTime = nanoTime;
        this.intervalNanos = (long) (seconds * 1e9);
    }

    @Override
    public void planned(TrainingMemory memory) {
        lines.accept("memory: " + memory);
    }

    @Override
    public void started(long step, long totalSteps, DataSummary data) {
        this.totalSteps = totalSteps;
        lastNanos = nanoTime.getAsLong() - intervalNanos;
        if (step >= totalSteps) {
            lines.accept(finished(step));
            return;
        }
        lines.accept(String.format(Locale.ROOT, "training on %,d examples (%,d tokens, %,d scored): steps %,d to %,d", data.examples(), data.tokens(),
                data.scored(), step + 1, totalSteps));
        lines.accept(data.slots().toString());
    }

    @Override
    public void left(double seconds) {
        secondsLeft = seconds;
    }

    @Override
    public void step(StepMetrics metrics) {
        long now = nanoTime.getAsLong();
        if (now - lastNanos < intervalNanos && metrics.step() < totalSteps) {
            return;
        }
        lastNanos = now;
        lines.accept(String.format(Locale.ROOT, "step %,d of %,d  %s  lr %.3g%s", metrics.step(), totalSteps, figures(metrics),
                metrics.learningRate(), Double.isNaN(secondsLeft) ? "" : "  " + duration(secondsLeft) + " left"));
    }

    @Override
    public void evaluating(long rows, long total) {
        long now = nanoTime.getAsLong();
        if (now - lastNanos >= intervalNanos) {
            lastNanos = now;
            lines.accept(validation(rows, total));
        }
    }

    @Override
    public void generating(long tokens, long total) {
        long now = nanoTime.getAsLong();
        if (now - lastNanos >= intervalNanos) {
            lastNanos = now;
            lines.accept(generation(tokens, total));
        }
    }

    @Override
    public void evaluated(EvalMetrics metrics) {
        lines.accept(evaluation(metrics));
    }

    @Override
    public void saved(Path directory) {
        lines.accept("saved " + directory);
    }

    @Override
    public void ended() {
        // the last line has said it
    }

    public static String finished(long steps) {
        return String.format(Locale.ROOT, "all %,d steps of this run are made; to train on, raise training.max_steps or num_train_epochs", steps);
    }

    public static String validation(long rows, long total) {
        return String.format(Locale.ROOT, "validation: %,d of %,d rows", rows, total);
    }

    public static String generation(long tokens, long total) {
        return String.format(Locale.ROOT, "evaluation: %,d of up to %,d tokens written", tokens, total);
    }

    static String figures(StepMetrics metrics) {
        return String.format(Locale.ROOT, "loss %.4f%s  grad %.3g  %,.0f tokens/s", metrics.loss(), terms(metrics.figures(), Figure.Role.TERM,
                Figure.Role.SETTING), metrics.gradNorm(), metrics.tokensPerSecond());
    }

    static String evaluation(EvalMetrics metrics) {
        return String.format(Locale.ROOT, "step %,d  eval %s", metrics.step(), metrics.line());
    }

    private static String terms(Figures figures, Figure.Role... roles) {
        String terms = Stream.of(roles).map(figures::text).filter(text -> !text.isEmpty()).collect(Collectors.joining(", "));
        return terms.isEmpty() ? "" : " (" + terms + ")";
    }

    /** As people say it: seconds, minutes or hours. */
    public static String duration(double seconds) {
        long s = Math.round(seconds);
        return s < 60 ? s + " s" : s < 3600 ? s / 60 + " min " + s % 60 + " s" : s / 3600 + " h " + s % 3600 / 60 + " min";
    }
}
