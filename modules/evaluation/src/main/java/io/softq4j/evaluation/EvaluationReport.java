package io.softq4j.evaluation;

import io.softq4j.common.AtomicFiles;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Everything {@link Evaluator} measured, and how the samples were drawn. In JSON the names are snake_case, the numbers exact.
 *
 * @param model     whose samples they are; null for samples that come without one
 * @param data      the rows of the prompts; null with {@code model}
 * @param task      name of the task; null where there was none
 * @param sampler   how the samples were drawn
 * @param counts    how much was measured
 * @param quality   null where there was no task
 * @param diversity how different the samples are
 * @param length    how long the samples are
 */
public record EvaluationReport(Origin model, EvaluatedRows data, String task, SamplerSettings sampler, Counts counts, Quality quality,
                               Diversity diversity, ResponseLength length) {

    public EvaluationReport {
        Objects.requireNonNull(sampler, "sampler");
        Objects.requireNonNull(counts, "counts");
        Objects.requireNonNull(diversity, "diversity");
        Objects.requireNonNull(length, "length");
        if ((task == null) != (quality == null)) {
            throw new IllegalArgumentException("a report has both a task and its quality, or neither: task " + task + ", quality " + quality);
        }
    }

    /** The same with what was evaluated, and on what. */
    public EvaluationReport of(Origin of, EvaluatedRows on) {
        return new EvaluationReport(of, on, task, sampler, counts, quality, diversity, length);
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
