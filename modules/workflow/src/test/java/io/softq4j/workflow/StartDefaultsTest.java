package io.softq4j.workflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.config.ConfigFile;
import io.softq4j.model.Gpt2Config;
import io.softq4j.model.ModelConfig;
import io.softq4j.objective.softq.Baseline;
import io.softq4j.objective.softq.SoftQConfig;
import io.softq4j.training.TrainingConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StartDefaultsTest {

    private static final Start MODEL = new Start.Weights(Path.of("model"));
    private static final Start FRESH = new Start.Fresh();

    private static StartDefaults of(Start start, int width, String... settings) {
        ConfigFile config = Sections.RUN.read(Optional.empty(), List.of(settings));
        ModelConfig size = Gpt2Config.defaults().with(c -> c.vocabSize(300).nPositions(16).nEmbd(width).nLayer(1).nHead(1));
        return StartDefaults.of(config, start, size);
    }

    private static double rate(StartDefaults settled) {
        return settled.config().section(TrainingConfig.class).learningRate();
    }

    @ParameterizedTest
    @CsvSource({"64, 1e-3", "192, 1e-3", "768, 6e-4", "1024, 4.5e-4", "2048, 2.2e-4", "4096, 1.1e-4"})
    void freshWeightsGetARateThatFallsWithTheirWidth(int width, double rate) {
        StartDefaults settled = of(FRESH, width);
        assertEquals(rate, rate(settled), 1e-12);
        assertEquals(1, settled.notes().size());
        assertTrue(settled.notes().get(0).contains("the default for fresh weights of width " + width), settled.notes().get(0));
    }

    @ParameterizedTest
    @CsvSource({"1, 5e-4", "4, 4e-4", "8, 2.8e-4", "16, 2e-4", "64, 1e-4", "256, 1e-4"})
    void adaptersGetARateByTheirRank(int rank, double rate) {
        StartDefaults settled = of(MODEL, 64, "tuning={use_peft: true, lora_r: " + rank + "}", "objective.lambda=0");
        assertEquals(rate, rate(settled), 1e-12);
        assertTrue(settled.notes().get(0).contains("the default for adapters of rank " + rank), settled.notes().get(0));
    }

    @Test
    void aModelThatIsTrainedAlreadyKeepsTheUsualRateAndLearnsByMaximumLikelihood() {
        StartDefaults settled = of(MODEL, 64);
        assertEquals(TrainingConfig.defaults().learningRate(), rate(settled));
        assertEquals(0, settled.config().section(SoftQConfig.class).lambda());
        assertEquals(SoftQConfig.defaults(), of(FRESH, 64).config().section(SoftQConfig.class));
    }

    @Test
    void whatIsStatedStays() {
        for (Start start : List.of(MODEL, FRESH)) {
            StartDefaults settled = of(start, 64, "training.learning_rate=5e-5", "objective.lambda=0.1", "objective.baseline=none");
            assertEquals(5e-5, rate(settled));
            assertEquals(0.1, settled.config().section(SoftQConfig.class).lambda());
            assertEquals(List.of(), settled.notes());
        }
    }

    @Test
    void aModelThatIsTrainedAlreadyHasItsOwnValuesAsTheBaselineOfAStatedLambda() {
        StartDefaults settled = of(MODEL, 64, "objective.lambda=0.1");
        assertEquals(Baseline.BASE_MODEL, settled.config().section(SoftQConfig.class).baseline());
        assertTrue(settled.notes().get(0).startsWith("objective.baseline is base_model: the default "), settled.notes().get(0));
        assertEquals(Baseline.NONE, of(FRESH, 64, "objective.lambda=0.1").config().section(SoftQConfig.class).baseline());
    }
}
