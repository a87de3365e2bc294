package io.softq4j.training.run;

import io.softq4j.common.UserError;
import io.softq4j.training.optim.OptimizerSettings;
import java.util.Locale;

/**
 * Memory that training needs off the Java heap, known before anything of its size is allocated. All in bytes.
 *
 * @param weights     all tensors, frozen ones and adapters too
 * @param gradients   as many again for those that train
 * @param moments     what the optimiser remembers of those
 * @param activations values of the forward and backward pass of one micro-batch
 * @param rows        rows of a micro-batch
 * @param length      tokens of its longest row
 * @param optimizer   what people call the optimiser
 */
public record TrainingMemory(long weights, long gradients, long moments, long activations, int rows, int length, String optimizer) {

    /**
     * For float32 tensors.
     *
     * @param parameters number of scalars of all tensors
     * @param trainable  of those that train
     */
    public static TrainingMemory of(long parameters, long trainable, OptimizerSettings optimizer, long activations, int rows, int length) {
        long gradients = Math.multiplyExact(trainable, (long) Float.BYTES);
        return new TrainingMemory(Math.multiplyExact(parameters, (long) Float.BYTES), gradients, Math.multiplyExact(trainable, (long) optimizer.bytesPerParameter()),
                activations, rows, length, optimizer.title());
    }

    /** The same for a step whose values need these bytes. */
    public TrainingMemory withActivations(long bytes) {
        return new TrainingMemory(weights, gradients, moments, bytes, rows, length, optimizer);
    }

    /** All of it. */
    public long total() {
        return Math.addExact(Math.addExact(weights, gradients), Math.addExact(moments, activations));
    }

    /**
     * Such as {@code 1.21 GB: weights 0.25, gradients 0.25, AdamW 0.50, activations 0.21 (8 rows of 256 tokens)},
     * and where not all trains {@code ; trainable params: 1,234 of 56,789 (2.17 %)}, PEFT's words.
     */
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%s GB: weights %s, gradients %s, %s %s, activations %s (%d rows of %d tokens)%s", gigabytes(total()),
                gigabytes(weights), gigabytes(gradients), optimizer, gigabytes(moments), gigabytes(activations), rows, length,
                gradients < weights ? "; " + trainable() : "");
    }

    private String trainable() {
        return String.format(Locale.ROOT, "trainable params: %,d of %,d (%.2f %%)", gradients / Float.BYTES, weights / Float.BYTES,
                100.0 * gradients / weights);
    }

    private static String gigabytes(long bytes) {
        return String.format(Locale.ROOT, "%.2f", bytes / 1e9);
    }

    /**
     * @param available     bytes that are free
     * @param checkpointing whether {@code gradient_checkpointing} is on already
     * @throws UserError if training needs more
     */
    public void requireFits(long available, boolean checkpointing) {
        if (total() <= available) {
            return;
        }
        long fixed = total() - activations;
        String advice = fixed > available ? "Weights, gradients and optimiser alone are too large: choose a smaller model, or a machine with more memory."
                : (checkpointing ? "Set " : "Set training.gradient_checkpointing=true, ") + "a smaller training.per_device_train_batch_size with more "
                        + "training.gradient_accumulation_steps (the same result), or a smaller training.max_length.";
        throw new UserError("training needs " + this + ", but " + gigabytes(available) + " GB are free. " + advice);
    }
}
