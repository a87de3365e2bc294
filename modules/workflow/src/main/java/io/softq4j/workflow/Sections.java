package io.softq4j.workflow;

import io.softq4j.common.Json;
import io.softq4j.config.ConfigSchema;
import io.softq4j.data.DataConfig;
import io.softq4j.data.TokenizerConfig;
import io.softq4j.generation.GenerationConfig;
import io.softq4j.model.Gpt2Config;
import io.softq4j.model.TuningConfig;
import io.softq4j.objective.softq.SoftQConfig;
import io.softq4j.sweep.SweepConfig;
import io.softq4j.training.TrainingConfig;

/** The one configuration file: every command reads the same sections and uses those that concern it. */
public final class Sections {

    /** The objective that is trained where nothing is said of it. */
    static final SoftQConfig OBJECTIVE = SoftQConfig.defaults();

    /** Everything that decides what a model becomes and how it is measured. */
    public static final ConfigSchema RUN = ConfigSchema.empty()
            .section("data", DataConfig.defaults())
            .section("tokenizer", TokenizerConfig.defaults())
            .section("model", Gpt2Config.defaults())
            .section("tuning", TuningConfig.defaults())
            .section("objective", OBJECTIVE)
            .section("training", TrainingConfig.defaults())
            .openSection("generation", GenerationConfig.defaults())
            .section("evaluation", EvaluationConfig.defaults())
            .section("sweep", SweepConfig.defaults());

    private Sections() {
    }

    /** The JSON schema of {@link #RUN}, indented, as {@code configs/softq.schema.json} has it. */
    public static String schema() {
        return Json.pretty(RUN.jsonSchema());
    }
}
