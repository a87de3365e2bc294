package io.softq4j.training.optim;

import io.softq4j.common.PythonFloat;
import io.softq4j.graph.plan.Parameters;

/**
 * What stays the same over all updates of a run. Each optimiser reads what it knows.
 *
 * @param type        which optimiser
 * @param beta1       decay of the first moment
 * @param beta2       decay of the second moment
 * @param epsilon     added to the square root of the second moment
 * @param momentum    of {@link SgdMomentum}
 * @param weightDecay decay of tensors of rank 2 and more
 */
public record OptimizerSettings(OptimizerType type, double beta1, double beta2, double epsilon, double momentum, double weightDecay) {

    /** An optimiser that has made no update. */
    public Optimizer on(Parameters parameters) {
        return type.on(parameters, this);
    }

    /** What people call it. */
    public String title() {
        return type.title();
    }

    /** The same with what a reader has to know to do it again, beside what every optimiser has. */
    public String description() {
        return type == OptimizerType.SGD ? title() + ", momentum " + PythonFloat.str(momentum) : title();
    }

    /** Bytes that it remembers for each parameter. */
    public int bytesPerParameter() {
        return type.stateNames(this).size() * Float.BYTES;
    }
}
