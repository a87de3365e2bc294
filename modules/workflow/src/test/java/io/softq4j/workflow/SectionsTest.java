package io.softq4j.workflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.config.ConfigFile;
import io.softq4j.data.DataConfig;
import io.softq4j.data.TokenizerConfig;
import io.softq4j.generation.GenerationConfig;
import io.softq4j.model.Gpt2Config;
import io.softq4j.model.TuningConfig;
import io.softq4j.objective.softq.SoftQConfig;
import io.softq4j.sweep.SweepConfig;
import io.softq4j.training.TrainingConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SectionsTest {

    @TempDir
    private Path directory;

    private ConfigFile again(ConfigFile config) throws IOException {
        return Sections.RUN.read(Optional.of(Files.writeString(directory.resolve("again.yaml"), config.effectiveYaml())), List.of());
    }

    @Test
    void nothingWrittenGivesTheDefaultsOfEverySection() {
        ConfigFile config = Sections.RUN.read(Optional.empty(), List.of());
        assertEquals(Set.of("data", "tokenizer", "model", "tuning", "objective", "training", "generation", "evaluation", "sweep"), config.values().keySet());
        assertEquals(DataConfig.defaults(), config.section(DataConfig.class));
        assertEquals(TokenizerConfig.defaults(), config.section(TokenizerConfig.class));
        assertEquals(Gpt2Config.defaults(), config.section(Gpt2Config.class));
        assertEquals(TuningConfig.defaults(), config.section(TuningConfig.class));
        assertEquals(SoftQConfig.defaults(), config.section(SoftQConfig.class));
        assertEquals(TrainingConfig.defaults(), config.section(TrainingConfig.class));
        assertEquals(GenerationConfig.defaults(), config.section(GenerationConfig.class));
        assertEquals(EvaluationConfig.defaults(), config.section(EvaluationConfig.class));
        assertEquals(SweepConfig.defaults(), config.section(SweepConfig.class));
    }

    @Test
    void theDefaultsWrittenOutAreReadBackAsTheyWere() throws IOException {
        ConfigFile defaults = Sections.RUN.read(Optional.empty(), List.of());
        assertEquals(defaults.values(), again(defaults).values());
        assertEquals(defaults.effectiveYaml(), again(defaults).effectiveYaml());
    }

    @Test
    void aTemplateOfSeveralLinesSurvivesTheTripThroughAFile() throws IOException {
        DataConfig data = DataConfig.defaults()
                .with(d -> d.prompt("Question: {question}\nAnswer:").response(" {answer}").train(List.of("a b/c: #1.jsonl")));
        ConfigFile config = Sections.RUN.read(Optional.empty(), List.of()).with(data);
        assertEquals(data, again(config).section(DataConfig.class));
    }

    @Test
    void oneFileIsAListOfOne() {
        assertEquals(List.of("a.jsonl"), train("data.train=a.jsonl"));
        assertEquals(List.of("a.jsonl", "b c/*.csv"), train("data.train=[a.jsonl, b c/*.csv]"));
        assertEquals(List.of("my: #1 {corpus}.jsonl"), train("data.train=my: #1 {corpus}.jsonl"));
        assertEquals(List.of(), train("data.train="));
    }

    private static List<String> train(String assignment) {
        return Sections.RUN.read(Optional.empty(), List.of(assignment)).section(DataConfig.class).train();
    }

    /** The configurations that users are pointed to. */
    static List<Path> shipped() throws IOException {
        List<Path> files = new ArrayList<>(List.of(root().resolve("modules/cli/src/main/resources/quickstart/config.yaml")));
        Path configs = root().resolve("configs");
        if (Files.isDirectory(configs)) {
            try (Stream<Path> all = Files.list(configs)) {
                all.filter(file -> file.toString().endsWith(".yaml")).sorted().forEach(files::add);
            }
        }
        return files;
    }

    private static Path root() {
        Path root = Path.of("").toAbsolutePath();
        while (!Files.exists(root.resolve("softq"))) {
            root = root.getParent();
        }
        return root;
    }

    @ParameterizedTest
    @MethodSource("shipped")
    void everyShippedConfigurationIsValidAndFitsItsModel(Path file) throws IOException {
        ConfigFile config = Sections.RUN.read(Optional.of(file), List.of());
        assertEquals(config.values(), again(config).values());
        assertTrue(config.section(DataConfig.class).maxLength() <= config.section(Gpt2Config.class).nPositions(),
                file + ": data.max_length is above model.n_positions, so that examples would be cut in training");
    }
}
