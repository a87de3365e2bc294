package io.softq4j.evaluation;

import io.softq4j.common.AtomicFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What {@link Evaluator} found, and how the samples were drawn. In JSON the names are snake_case, the numbers exact.
 *
 * @param model   whose samples they are; null for samples that come without one
 * @param data    the rows of the prompts; null where they are not known
 * @param sampler how the samples were drawn; null for texts from elsewhere and where nothing was sampled
 * @param counts  how much was measured
 * @param metrics in the order asked for, each name once
 */
public record EvaluationReport(Origin model, EvaluatedRows data, SamplerSettings sampler, Counts counts, List<MetricResult> metrics) {

    public EvaluationReport {
        Objects.requireNonNull(counts, "counts");
        metrics = List.copyOf(metrics);
    }

    /** The same with what was evaluated, and on what. */
    public EvaluationReport of(Origin of, EvaluatedRows on) {
        return new EvaluationReport(of, on, sampler, counts, metrics);
    }

    /** A metric of it. */
    public Optional<MetricResult> metric(String name) {
        return metrics.stream().filter(metric -> metric.name().equals(name)).findFirst();
    }

    /** The value of a metric; NaN where it is not there or has none. */
    public double value(String name) {
        return metric(name).map(MetricResult::value).orElse(Double.NaN);
    }

    public String toJson() {
        return ReportFiles.write(this);
    }

    /** What {@link #toJson} gave, read back. @throws io.softq4j.common.UserError if it is no report */
    public static EvaluationReport parse(String json) {
        return ReportFiles.parse(json, EvaluationReport.class, "an evaluation report");
    }

    /** Writes JSON, whole or not at all. */
    public void write(Path file) {
        AtomicFiles.writeString(file, toJson());
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws io.softq4j.common.UserError naming the file, and the line where it is malformed
     */
    public static EvaluationReport read(Path file) {
        return ReportFiles.read(file, EvaluationReport.class, "an evaluation report");
    }
}
