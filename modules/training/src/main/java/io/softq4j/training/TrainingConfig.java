package io.softq4j.training;

import io.softq4j.common.UserError;
import io.softq4j.model.weights.ShardSize;

/**
 * How to train. Names and meanings of Hugging Face {@code TrainingArguments} (and TRL's for {@code packing} and {@code max_length}) where there is
 * one; in a file they are written in snake_case.
 *
 * @param numTrainEpochs            passes over the examples, fractions allowed; not used where {@code maxSteps} is set
 * @param maxSteps                  number of updates; -1: as many as {@code numTrainEpochs} takes
 * @param perDeviceTrainBatchSize   rows in a micro-batch; a row is an example, or several where packed
 * @param gradientAccumulationSteps micro-batches in an update
 * @param learningRate              peak learning rate
 * @param weightDecay               decoupled decay of tensors of rank 2 and more; biases and norms do not decay
 * @param adamBeta1                 decay of the first moment
 * @param adamBeta2                 decay of the second moment
 * @param adamEpsilon               added to the square root of the second moment
 * @param maxGradNorm               global gradient norm is clipped to this; 0: not clipped
 * @param warmupSteps               updates over which the learning rate rises from 0
 * @param lrSchedulerType           what follows the warm-up
 * @param seed                      of the order of the examples and of dropout
 * @param loggingSteps              a line of metrics every so many updates
 * @param saveSteps                 a checkpoint every so many updates; 0: only at the end
 * @param saveTotalLimit            newest checkpoints to keep; 0: all
 * @param packing                   lay the examples of the whole data set into rows of {@code maxLength}, several in one, apart from each other, by
 *                                  best-fit decreasing ({@link Packing}); a step then sees more examples and an epoch has fewer steps
 * @param maxLength                 longest row in tokens; longer examples are cut, counted and reported
 * @param bucketMultiple            row lengths are rounded up to a multiple of this, so that few shapes occur; packed rows have {@code maxLength}
 * @param gradientCheckpointing     keep only what each layer starts from and compute the rest again for the backward pass: less memory, about a
 *                                  third more time, the same results
 * @param saveDtype                 precision of the finished model's weights; checkpoints keep float32
 * @param maxShardSize              bytes of tensors in one file of the finished model, as {@link ShardSize} reads them
 * @param maxEvalSamples            rows of the validation data that are read for a validation loss, spread evenly over all; 0: all
 */
public record TrainingConfig(
        double numTrainEpochs,
        long maxSteps,
        int perDeviceTrainBatchSize,
        int gradientAccumulationSteps,
        double learningRate,
        double weightDecay,
        double adamBeta1,
        double adamBeta2,
        double adamEpsilon,
        double maxGradNorm,
        long warmupSteps,
        LrSchedulerType lrSchedulerType,
        long seed,
        long loggingSteps,
        long saveSteps,
        int saveTotalLimit,
        boolean packing,
        int maxLength,
        int bucketMultiple,
        boolean gradientCheckpointing,
        SaveDtype saveDtype,
        String maxShardSize,
        int maxEvalSamples) {

    /** Values of {@code TrainingArguments} where it has the key, except that only the last two checkpoints are kept, and a validation is not endless. */
    public static TrainingConfig defaults() {
        return new TrainingConfig(3, -1, 8, 1, 5e-5, 0, 0.9, 0.999, 1e-8, 1, 0, LrSchedulerType.LINEAR, 42, 10, 500, 2, false, 1024, 16, false,
                SaveDtype.FLOAT32, ShardSize.DEFAULT, 1000);
    }

    public TrainingConfig {
        require(maxSteps > 0 || maxSteps == -1, "max_steps", "> 0, or -1 to train for num_train_epochs", maxSteps);
        boolean someEpochs = numTrainEpochs > 0 && Double.isFinite(numTrainEpochs);
        require(maxSteps > 0 || someEpochs, "num_train_epochs", "> 0 where max_steps is -1", numTrainEpochs);
        require(perDeviceTrainBatchSize > 0, "per_device_train_batch_size", "> 0", perDeviceTrainBatchSize);
        require(gradientAccumulationSteps > 0, "gradient_accumulation_steps", "> 0", gradientAccumulationSteps);
        require(learningRate > 0 && Double.isFinite(learningRate), "learning_rate", "> 0", learningRate);
        require(weightDecay >= 0 && Double.isFinite(weightDecay), "weight_decay", ">= 0", weightDecay);
        require(adamBeta1 >= 0 && adamBeta1 < 1, "adam_beta1", "in [0, 1)", adamBeta1);
        require(adamBeta2 >= 0 && adamBeta2 < 1, "adam_beta2", "in [0, 1)", adamBeta2);
        require(adamEpsilon > 0 && Double.isFinite(adamEpsilon), "adam_epsilon", "> 0", adamEpsilon);
        require(maxGradNorm >= 0 && Double.isFinite(maxGradNorm), "max_grad_norm", ">= 0 (0: no clipping)", maxGradNorm);
        require(warmupSteps >= 0, "warmup_steps", ">= 0", warmupSteps);
        require(lrSchedulerType != null, "lr_scheduler_type", "one of constant, cosine, linear", null);
        require(loggingSteps > 0, "logging_steps", "> 0", loggingSteps);
        require(saveSteps >= 0, "save_steps", ">= 0 (0: only at the end)", saveSteps);
        require(saveTotalLimit >= 0, "save_total_limit", ">= 0 (0: keep all)", saveTotalLimit);
        require(maxLength > 1, "max_length", "> 1", maxLength);
        require(bucketMultiple > 0, "bucket_multiple", "> 0", bucketMultiple);
        require(saveDtype != null, "save_dtype", "one of float32, bfloat16", null);
        ShardSize.parse(maxShardSize);
        require(maxEvalSamples >= 0, "max_eval_samples", ">= 0 (0: all)", maxEvalSamples);
    }

    public TrainingConfig withMaxLength(int length) {
        return new TrainingConfig(numTrainEpochs, maxSteps, perDeviceTrainBatchSize, gradientAccumulationSteps, learningRate, weightDecay, adamBeta1,
                adamBeta2, adamEpsilon, maxGradNorm, warmupSteps, lrSchedulerType, seed, loggingSteps, saveSteps, saveTotalLimit, packing, length,
                bucketMultiple, gradientCheckpointing, saveDtype, maxShardSize, maxEvalSamples);
    }

    public TrainingConfig withLearningRate(double rate) {
        return new TrainingConfig(numTrainEpochs, maxSteps, perDeviceTrainBatchSize, gradientAccumulationSteps, rate, weightDecay, adamBeta1,
                adamBeta2, adamEpsilon, maxGradNorm, warmupSteps, lrSchedulerType, seed, loggingSteps, saveSteps, saveTotalLimit, packing, maxLength,
                bucketMultiple, gradientCheckpointing, saveDtype, maxShardSize, maxEvalSamples);
    }

    /** Number of updates of a run over {@code order}. */
    public long totalSteps(DataOrder order) {
        return maxSteps > 0 ? maxSteps : (long) Math.ceil(numTrainEpochs * order.stepsPerEpoch());
    }

    /** Rows in an update. */
    public int rowsPerStep() {
        return Math.multiplyExact(perDeviceTrainBatchSize, gradientAccumulationSteps);
    }

    private static void require(boolean allowed, String key, String range, Object seen) {
        if (!allowed) {
            throw new UserError(key + " must be " + range + ", was " + plain(seen));
        }
    }

    private static String plain(Object seen) {
        return seen instanceof Double d && d == Math.rint(d) && Math.abs(d) < 1e15 ? Long.toString(d.longValue()) : String.valueOf(seen);
    }
}
