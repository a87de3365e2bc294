package io.softq4j.training;

import io.softq4j.training.rows.DataSummary;
import io.softq4j.training.run.BestModel;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a run has come to.
 *
 * @param steps      updates made, those before it was resumed included
 * @param stopped    whether it was asked to end before all were made
 * @param lastStep   figures of the last update; empty where the resumed run had none left to make
 * @param lastEval   the last evaluation; empty if there is nothing to evaluate on, or no update was left
 * @param best       the best evaluation, if the run remembers it; {@code load_best_model_at_end} makes its weights those of {@code model}
 * @param data       what was trained on
 * @param checkpoint the last checkpoint
 * @param model      the model directory
 */
public record TrainingResult(long steps, boolean stopped, Optional<StepMetrics> lastStep, Optional<EvalMetrics> lastEval, Optional<BestModel> best,
                             DataSummary data, Path checkpoint, Path model) {
}
