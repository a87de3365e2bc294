package io.softq4j.training;

import io.softq4j.training.rows.DataSummary;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a run has come to.
 *
 * @param steps      updates made, those before it was resumed included
 * @param stopped    whether it was asked to end before all were made
 * @param lastStep   figures of the last update; empty where the resumed run had none left to make
 * @param lastEval   validation loss at the end; empty without validation examples, or where no update was left
 * @param data       what was trained on
 * @param checkpoint the last checkpoint
 * @param model      the model directory
 */
public record TrainingResult(long steps, boolean stopped, Optional<StepMetrics> lastStep, Optional<EvalMetrics> lastEval, DataSummary data,
                             Path checkpoint, Path model) {
}
