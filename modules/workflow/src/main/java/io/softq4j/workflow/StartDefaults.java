package io.softq4j.workflow;

import io.softq4j.config.ConfigFile;
import io.softq4j.model.ModelConfig;
import io.softq4j.model.TuningConfig;
import io.softq4j.objective.ObjectiveSettings;
import io.softq4j.training.TrainingConfig;
import io.softq4j.training.optim.OptimizerType;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A configuration whose unstated keys fit what the run starts from: one default is not right for fresh weights, a pretrained model and adapters.
 *
 * @param config with nothing left to decide
 * @param notes  what was decided and why, one line each
 */
record StartDefaults(ConfigFile config, List<String> notes) {

    static final String LEARNING_RATE = "training.learning_rate";

    /** GPT-3's rate for 125 million parameters; the rates of its larger models fall nearly as 1 / D, which is also what muP says of Adam. */
    private static final double RATE_OF_768 = 6e-4;
    private static final double HIGHEST_FRESH = 1e-3;
    private static final double RATE_OF_RANK_16 = 2e-4;

    /** The objective alone, which does not depend on the model's size. */
    static ObjectiveSettings objective(ConfigFile given, Start start) {
        return settled(given, start, Set.of()).settings();
    }

    private static ObjectiveSettings.Settled settled(ConfigFile given, Start start, Set<String> decided) {
        return given.section(ObjectiveSettings.class).settled(start instanceof Start.Weights,
                key -> given.states("objective." + key) || decided.contains("objective." + key));
    }

    /** Decides. @param size of the model */
    static StartDefaults of(ConfigFile given, Start start, ModelConfig size) {
        return of(given, start, size, Set.of());
    }

    /** Decides. @param decided keys that stay as they are though they were not stated */
    static StartDefaults of(ConfigFile given, Start start, ModelConfig size, Set<String> decided) {
        ObjectiveSettings.Settled objective = settled(given, start, decided);
        List<String> notes = new ArrayList<>(objective.notes());
        ConfigFile config = given.with((Record) objective.settings());
        boolean pretrained = start instanceof Start.Weights;
        if (!given.states(LEARNING_RATE)) {
            TuningConfig tuning = config.section(TuningConfig.class);
            TrainingConfig training = config.section(TrainingConfig.class);
            if (training.optim() != OptimizerType.ADAMW_TORCH) {
                notes.add(rate(training.learningRate()) + "the usual one of TrainingArguments; the defaults that follow what a run starts from are for "
                        + "AdamW, and " + training.optimizer().title() + " may need a rate that is a thousand times higher: state it");
            } else if (tuning.usePeft()) {
                double rate = rounded(Math.min(5e-4, Math.max(1e-4, RATE_OF_RANK_16 * Math.sqrt(16.0 / tuning.loraR()))));
                config = config.with(training.with(c -> c.learningRate(rate)));
                notes.add(rate(rate) + "the default for adapters of rank " + tuning.loraR() + ": 2e-4 x sqrt(16 / lora_r), from 1e-4 to 5e-4");
            } else if (!pretrained) {
                double rate = rounded(Math.min(HIGHEST_FRESH, RATE_OF_768 * 768 / size.width()));
                config = config.with(training.with(c -> c.learningRate(rate)));
                notes.add(rate(rate) + "the default for fresh weights of width " + size.width() + ": 6e-4 x 768 / width, at most 1e-3; the "
                        + "usual " + format(training.learningRate()) + " is for models that are trained already");
            }
        }
        return new StartDefaults(config, List.copyOf(notes));
    }

    private static String rate(double rate) {
        return "training.learning_rate is " + format(rate) + ", ";
    }

    private static double rounded(double rate) {
        return new BigDecimal(rate).round(new MathContext(2)).doubleValue();
    }

    private static String format(double rate) {
        return String.format(Locale.ROOT, "%.1e", rate).replace(".0e", "e").replace("e-0", "e-");
    }
}
