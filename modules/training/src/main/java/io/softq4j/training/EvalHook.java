package io.softq4j.training;

import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;

/**
 * Further figures of an evaluation while training, such as those of texts that the model writes. Called by the thread that trains, between
 * two updates; it reads the parameters and changes neither them nor any stream of random numbers of the run, so a run has the same bits
 * with and without it.
 */
public interface EvalHook {

    /**
     * The figures that each evaluation will have, by name without {@code eval_}, with whether greater is better; empty for those that only
     * describe.
     */
    Map<String, Optional<Boolean>> figures();

    /**
     * The run begins, or goes on. What was kept of evaluations after {@code step} is dropped, as these are made again; -1 if none is kept.
     */
    void begin(long step);

    /**
     * Measures the model as it stands after {@code step} updates. A function of the parameters alone.
     *
     * @param stop     whether the run is to end, so that the rest need not be done
     * @param progress is told how much is done of how much
     * @return by name without {@code eval_}, NaN where a figure is not defined; empty if it was stopped
     */
    Optional<Map<String, Double>> evaluate(long step, BooleanSupplier stop, BiConsumer<Long, Long> progress);
}
