package io.softq4j.training;

import io.softq4j.common.Drafts;
import io.softq4j.common.Form;
import io.softq4j.common.Key;
import io.softq4j.common.Keys;
import io.softq4j.common.OnlyIf;
import io.softq4j.common.Range;
import io.softq4j.common.UserError;
import io.softq4j.model.weights.ShardSize;
import io.softq4j.training.optim.LrSchedulerType;
import io.softq4j.training.optim.OptimizerSettings;
import io.softq4j.training.optim.OptimizerType;
import io.softq4j.training.rows.RowSettings;
import io.softq4j.training.run.SaveDtype;
import java.util.function.Consumer;

/**
 * How to train. Names and meanings of Hugging Face {@code TrainingArguments} (and TRL's for {@code packing} and {@code max_length}) where there is
 * one; in a file they are written in snake_case.
 *
 * <p>Each component is a key of the section {@code training}; its {@link Key} says what it means.
 */
public record TrainingConfig(
        @Key("passes over the examples, fractions allowed; not used if `max_steps` is set")
        @Range(above = 0)
        double numTrainEpochs,
        @Key("updates; -1 is as many as `num_train_epochs` takes")
        @Range(above = 0, or = -1)
        long maxSteps,
        @Key("rows in a micro-batch; a row is an example, or several with `packing`")
        @Range(atLeast = 1)
        int perDeviceTrainBatchSize,
        @Key("micro-batches in an update; sums and counts are added up, so k of them equal one batch")
        @Range(atLeast = 1)
        int gradientAccumulationSteps,
        @Key("what changes the weights by their gradients; names of `optim` in `TrainingArguments`")
        OptimizerType optim,
        @Key("peak learning rate; if it is not stated, fresh weights and adapters have their own with AdamW: below")
        @Range(above = 0)
        double learningRate,
        @Key("decay of tensors of rank 2 and more, decoupled with AdamW, L2 with SGD; biases and norms do not decay")
        @Range(atLeast = 0)
        double weightDecay,
        @Key("decay of the first moment")
        @OnlyIf(key = "optim", is = "adamw_torch")
        @Range(atLeast = 0, below = 1)
        double adamBeta1,
        @Key("decay of the second moment")
        @OnlyIf(key = "optim", is = "adamw_torch")
        @Range(atLeast = 0, below = 1)
        double adamBeta2,
        @Key("added to the square root of the second moment")
        @OnlyIf(key = "optim", is = "adamw_torch")
        @Range(above = 0)
        double adamEpsilon,
        @Key(value = "momentum of SGD; `momentum` of `torch.optim.SGD`, whose steps it makes 1 / (1 - momentum) times as long",
                allowed = "0 is none, and nothing to remember; 0.9 is usual")
        @Range(atLeast = 0, below = 1)
        @OnlyIf(key = "optim", is = "sgd")
        double sgdMomentum,
        @Key(value = "the global gradient norm is clipped to this", allowed = "0: no clipping")
        @Range(atLeast = 0)
        double maxGradNorm,
        @Key("updates over which the learning rate rises from 0; the very first has rate 0")
        @Range(atLeast = 0)
        long warmupSteps,
        @Key("after the warm-up: stays, half a cosine to 0, a line to 0")
        LrSchedulerType lrSchedulerType,
        @Key("of the fresh weights, the order of the examples and dropout")
        long seed,
        @Key("a line of metrics after every this many updates, and after the last")
        @Range(atLeast = 1)
        long loggingSteps,
        @Key(value = "a checkpoint after every this many updates, and after the last; an evaluation too, unless `evaluation.eval_steps` says when",
                allowed = "0 is only at the end")
        @Range(atLeast = 0)
        long saveSteps,
        @Key(value = "newest checkpoints to keep; that of the best evaluation is one of them, and always kept", allowed = "0 is all")
        @Range(atLeast = 0)
        int saveTotalLimit,
        @Key("lay the examples of the whole data set into rows of `max_length`, several in one, apart from each other, by "
                + "best-fit decreasing (arXiv 2404.10830), not for models with an encoder; the use of slots is printed before "
                + "training, with and without. A step then sees more examples and an epoch has fewer steps; validation rows are "
                + "packed too")
        boolean packing,
        @Key("longest example and longest row in tokens, EOS included; the model's context, where that is shorter, holds "
                + "instead, and a line says so where examples are longer. Longer examples are cut, counted and reported. With an "
                + "encoder it holds for prompt and response each")
        @Range(atLeast = 2)
        int maxLength,
        @Key("row lengths are rounded up to a multiple of it: few shapes, few plans; packed rows have `max_length`")
        @Range(atLeast = 1)
        int bucketMultiple,
        @Key("keep only what each layer starts from and compute the rest again for the backward pass: less memory, about a "
                + "third more time, the same results")
        boolean gradientCheckpointing,
        @Key("precision of the finished model's weights; bfloat16 is rounded to the nearest, ties to even. Checkpoints keep "
                + "float32")
        SaveDtype saveDtype,
        @Key(value = "bytes of tensors in one file of the finished model",
                allowed = "a whole number of bytes, or one with KB, MB, GB, TB, KiB, MiB, GiB or TiB")
        @Form(ShardSize.FORM)
        String maxShardSize,
        @Key(value = "rows of each validation set that are read for a validation loss, drawn by `generation.seed`, the same at each; a line says "
                + "so where there are more",
                allowed = "0 is all")
        @Range(atLeast = 0)
        int maxEvalSamples) {

    private static final Keys KEYS = Keys.of(TrainingConfig.class);

    public TrainingConfig {
        KEYS.check("num_train_epochs", numTrainEpochs);
        KEYS.check("max_steps", maxSteps);
        KEYS.check("per_device_train_batch_size", perDeviceTrainBatchSize);
        KEYS.check("gradient_accumulation_steps", gradientAccumulationSteps);
        if ((long) perDeviceTrainBatchSize * gradientAccumulationSteps > Integer.MAX_VALUE) {
            throw new UserError("per_device_train_batch_size times gradient_accumulation_steps must be at most " + Integer.MAX_VALUE
                    + " rows in an update, was " + perDeviceTrainBatchSize + " times " + gradientAccumulationSteps + ". Lower one of them");
        }
        KEYS.check("optim", optim);
        KEYS.check("learning_rate", learningRate);
        KEYS.check("weight_decay", weightDecay);
        KEYS.check("adam_beta1", adamBeta1);
        KEYS.check("adam_beta2", adamBeta2);
        KEYS.check("adam_epsilon", adamEpsilon);
        KEYS.check("sgd_momentum", sgdMomentum);
        KEYS.check("max_grad_norm", maxGradNorm);
        KEYS.check("warmup_steps", warmupSteps);
        KEYS.check("lr_scheduler_type", lrSchedulerType);
        KEYS.check("logging_steps", loggingSteps);
        KEYS.check("save_steps", saveSteps);
        KEYS.check("save_total_limit", saveTotalLimit);
        KEYS.check("max_length", maxLength);
        KEYS.check("bucket_multiple", bucketMultiple);
        KEYS.check("save_dtype", saveDtype);
        KEYS.check("max_eval_samples", maxEvalSamples);
        ShardSize.parse(maxShardSize);
    }

    /** The components by name, to be set; see {@link #with}. Each method is documented at the component of its name. */
    public interface Draft {

        Draft numTrainEpochs(double value);

        Draft maxSteps(long value);

        Draft perDeviceTrainBatchSize(int value);

        Draft gradientAccumulationSteps(int value);

        Draft optim(OptimizerType value);

        Draft learningRate(double value);

        Draft weightDecay(double value);

        Draft adamBeta1(double value);

        Draft adamBeta2(double value);

        Draft adamEpsilon(double value);

        Draft sgdMomentum(double value);

        Draft maxGradNorm(double value);

        Draft warmupSteps(long value);

        Draft lrSchedulerType(LrSchedulerType value);

        Draft seed(long value);

        Draft loggingSteps(long value);

        Draft saveSteps(long value);

        Draft saveTotalLimit(int value);

        Draft packing(boolean value);

        Draft maxLength(int value);

        Draft bucketMultiple(int value);

        Draft gradientCheckpointing(boolean value);

        Draft saveDtype(SaveDtype value);

        Draft maxShardSize(String value);

        Draft maxEvalSamples(int value);
    }

    /** Values of {@code TrainingArguments} where it has the key, except that only the last two checkpoints are kept, and a validation is not endless. */
    public static TrainingConfig defaults() {
        return Drafts.make(TrainingConfig.class, Draft.class, c -> c.numTrainEpochs(3).maxSteps(-1).perDeviceTrainBatchSize(8)
                .gradientAccumulationSteps(1).optim(OptimizerType.ADAMW_TORCH).learningRate(5e-5).weightDecay(0).adamBeta1(0.9).adamBeta2(0.999).adamEpsilon(1e-8).sgdMomentum(0)
                .maxGradNorm(1).warmupSteps(0).lrSchedulerType(LrSchedulerType.LINEAR).seed(42).loggingSteps(10).saveSteps(500).saveTotalLimit(2).packing(false)
                .maxLength(1024).bucketMultiple(16).gradientCheckpointing(false).saveDtype(SaveDtype.FLOAT32).maxShardSize(ShardSize.DEFAULT)
                .maxEvalSamples(1000));
    }

    /** This configuration with what {@code change} sets. */
    public TrainingConfig with(Consumer<Draft> change) {
        return Drafts.change(this, Draft.class, change);
    }

    /** Number of updates of a run whose epochs have so many. */
    public long totalSteps(long stepsPerEpoch) {
        return maxSteps > 0 ? maxSteps : (long) Math.ceil(numTrainEpochs * stepsPerEpoch);
    }

    /** How examples become rows. */
    public RowSettings rows() {
        return new RowSettings(perDeviceTrainBatchSize, rowsPerStep(), packing, maxLength, bucketMultiple, seed);
    }

    /** What the optimiser is made with. */
    public OptimizerSettings optimizer() {
        return new OptimizerSettings(optim, adamBeta1, adamBeta2, adamEpsilon, sgdMomentum, weightDecay);
    }

    /** Rows in an update. */
    public int rowsPerStep() {
        return perDeviceTrainBatchSize * gradientAccumulationSteps;
    }
}
