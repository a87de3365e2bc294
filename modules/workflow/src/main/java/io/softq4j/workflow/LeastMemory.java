package io.softq4j.workflow;

import io.softq4j.common.UserError;
import io.softq4j.model.ModelConfig;
import io.softq4j.model.ModelPart;
import io.softq4j.model.TuningConfig;
import io.softq4j.training.optim.OptimizerSettings;
import io.softq4j.training.run.TrainingMemory;
import java.util.Locale;

/** What training needs for weights, gradients and optimiser at least: arithmetic, so that absurd sizes end before a graph is built and planned. */
final class LeastMemory {

    /** More than any one machine has. */
    private static final long NO_MACHINE = 1L << 44;

    private LeastMemory() {
    }

    /**
     * Checks a run.
     *
     * @param available bytes that are free
     * @throws UserError if a tensor cannot be allocated or so much is not free, with the keys to blame
     */
    static void requireFits(ModelConfig size, TuningConfig tuning, OptimizerSettings optimizer, long available) {
        ModelPart.requireAddressable(size);
        long bytes = of(size, tuning, optimizer);
        if (bytes > available) {
            throw new UserError(text(size, tuning, optimizer, bytes) + String.format(Locale.ROOT, ", but %,.2f GB are free. ", available / 1e9)
                    + blame(size) + ". Choose a smaller model, or a machine with more memory.");
        }
    }

    /**
     * Checks a description, which may be of a model for another machine.
     *
     * @throws UserError if no machine has so much
     */
    static void requirePossible(ModelConfig size, TuningConfig tuning, OptimizerSettings optimizer) {
        long bytes = of(size, tuning, optimizer);
        if (bytes > NO_MACHINE) {
            throw new UserError(text(size, tuning, optimizer, bytes) + ", more than any machine has. " + blame(size) + ": likely a value is a mistake.");
        }
    }

    private static long of(ModelConfig size, TuningConfig tuning, OptimizerSettings optimizer) {
        return TrainingMemory.of(size.parameters(), trainsAll(tuning) ? size.parameters() : 0, optimizer, 0, 0, 0).total();
    }

    private static boolean trainsAll(TuningConfig tuning) {
        return !tuning.usePeft() && tuning.freeze().isEmpty();
    }

    private static String text(ModelConfig size, TuningConfig tuning, OptimizerSettings optimizer, long bytes) {
        return String.format(Locale.ROOT, "training needs at least %,.2f GB for %s of %,d parameters", bytes / 1e9,
                !trainsAll(tuning) ? "the weights" : optimizer.bytesPerParameter() == 0 ? "weights and gradients"
                        : "weights, gradients and " + optimizer.title() + "'s averages", size.parameters());
    }

    private static String blame(ModelConfig size) {
        ModelPart part = ModelPart.largest(size.parts());
        return String.format(Locale.ROOT, "%.0f %% of them are %s (%s)", 100.0 * part.scalars() / size.parameters(), part.what(), part.keys());
    }
}
