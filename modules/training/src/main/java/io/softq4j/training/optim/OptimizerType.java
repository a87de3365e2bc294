package io.softq4j.training.optim;

import io.softq4j.graph.plan.Parameters;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/** The optimisers there are, with the names of {@code optim} in Hugging Face {@code TrainingArguments}. */
public enum OptimizerType {
    /** {@link AdamW}. */
    ADAMW_TORCH("AdamW", AdamW::new, AdamW::stateNames),
    /** {@link SgdMomentum}. */
    SGD("SGD", SgdMomentum::new, SgdMomentum::stateNames);

    private final String title;
    private final BiFunction<Parameters, OptimizerSettings, Optimizer> made;
    private final Function<OptimizerSettings, List<String>> stateNames;

    OptimizerType(String title, BiFunction<Parameters, OptimizerSettings, Optimizer> made, Function<OptimizerSettings, List<String>> stateNames) {
        this.title = title;
        this.made = made;
        this.stateNames = stateNames;
    }

    /** What people call it. */
    public String title() {
        return title;
    }

    Optimizer on(Parameters parameters, OptimizerSettings settings) {
        return made.apply(parameters, settings);
    }

    List<String> stateNames(OptimizerSettings settings) {
        return stateNames.apply(settings);
    }
}
