package io.softq4j.workflow;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.common.Output;
import io.softq4j.common.UserError;
import io.softq4j.config.ConfigFile;
import io.softq4j.training.ProgressListener;
import io.softq4j.training.StepMetrics;
import io.softq4j.training.TrainingResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Three preparations of 40, 7 and 2 rows in one run. */
class DataMixtureTest {

    @TempDir
    private Path directory;
    private List<StorePath> paths;

    @BeforeEach
    void prepare() throws IOException {
        String fromA = "tokenizer={type: file, file: " + directory.resolve("a/train/tokenizer.json") + "}";
        prepare("a", 40, "tokenizer.vocab_size=262");
        prepare("b", 7, fromA);
        prepare("sub/a", 2, fromA);
        paths = List.of(new StorePath(directory.resolve("a"), 5), new StorePath(directory.resolve("b"), 2), new StorePath(directory.resolve("sub/a")));
    }

    private void prepare(String name, int rows, String... settings) throws IOException {
        StringBuilder corpus = new StringBuilder();
        for (int i = 0; i < rows; i++) {
            corpus.append("{\"prompt\": \"").append(name).append(i).append("\", \"response\": \" ").append("x".repeat(1 + i % 5)).append("\"}\n");
        }
        Path file = directory.resolve(name.replace('/', '-') + ".jsonl");
        Files.writeString(file, corpus);
        List<String> all = new ArrayList<>(List.of("data.train=" + file, "data.validation=" + file));
        all.addAll(List.of(settings));
        PreparedData.prepare(Sections.RUN.read(Optional.empty(), all), Output.at(directory.resolve(name)), WorkListener.NONE);
    }

    private static ConfigFile config(String... more) {
        List<String> settings = new ArrayList<>(List.of("model={n_positions: 32, n_embd: 8, n_layer: 1, n_head: 2}", "objective.lambda=0",
                "training={num_train_epochs: 1, per_device_train_batch_size: 2, gradient_accumulation_steps: 2, max_length: 32, save_steps: 3}"));
        settings.addAll(List.of(more));
        return Sections.RUN.read(Optional.empty(), settings);
    }

    private TrainingResult train(ConfigFile config, List<StorePath> data, String run, boolean resume, ProgressListener progress) {
        return TrainingRun.train(config, PreparedData.open(data, config), directory.resolve(run), Optional.empty(), resume, progress);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRunOnThreeThatWasKilledGoesOnToTheSameBitsWithWhatRunJsonKnows(boolean packing) throws IOException {
        ConfigFile config = config("training.packing=" + packing, "training.max_steps=8");
        train(config, paths, "whole", false, ProgressListener.NONE);
        assertThrows(IllegalStateException.class, () -> train(config, paths, "killed", false, new ProgressListener() {
            @Override
            public void step(StepMetrics metrics) {
                if (metrics.step() == 5) {
                    throw new IllegalStateException("killed");
                }
            }
        }));
        Resumption run = Resumption.of(directory.resolve("killed"));
        assertEquals(paths, run.data());
        ConfigFile again = Sections.RUN.read(Optional.of(run.config()), List.of());
        assertEquals(8, train(again, run.data(), "killed", true, ProgressListener.NONE).steps());
        for (String file : List.of("model/model.safetensors", "model/README.md", "model/softq.yaml", "run.json")) {
            assertArrayEquals(Files.readAllBytes(directory.resolve("whole").resolve(file)),
                    Files.readAllBytes(directory.resolve("killed").resolve(file)), file);
        }
    }

    /** 40 rows, five of every eight: an epoch has 64 rows, 16 steps. */
    @Test
    void theCardNamesThePreparationsWithTheirWeightsAndWhatWasSeen() throws IOException {
        TrainingResult result = train(config(), paths, "run", false, ProgressListener.NONE);
        assertEquals(16, result.steps());
        assertEquals(49, result.data().examples());
        String card = Files.readString(result.model().resolve("README.md"));
        assertTrue(card.contains("| data | a.jsonl, b.jsonl, sub-a.jsonl: 49 examples, "), card);
        String top = directory.getFileName().toString();
        assertTrue(card.contains("| rows by weight | " + top + "/a: weight 5.0, 40 of 64 rows (62.5 %), its 40 rows 1.00 times |\n"
                + "| rows by weight | b: weight 2.0, 16 of 64 rows (25.0 %), its 7 rows 2.29 times |\n"
                + "| rows by weight | sub/a: weight 1.0, 8 of 64 rows (12.5 %), its 2 rows 4.00 times |"), card);
        assertTrue(card.contains("| validation | 49 examples, "), card);
        assertTrue(card.contains("--data " + top + "/a:5.0 --data b:2.0 --data sub/a:1.0 "), card);
    }

    @Test
    void theRunSaysWhenAnEpochEnds() {
        assertEquals(4, train(config("data.stopping_strategy=first_exhausted"), paths, "run", false, ProgressListener.NONE).steps(),
                "the second of the two rows of sub/a is the 13th");
        ConfigFile kept = Sections.RUN.read(Optional.of(directory.resolve("run/config.yaml")), List.of());
        assertEquals("first_exhausted", kept.value("data.stopping_strategy").orElseThrow());
    }

    @Test
    void aRunIsNotResumedWithOtherWeightsOrAnotherOrder() {
        train(config(), paths, "run", false, ProgressListener.NONE);
        List<StorePath> other = List.of(new StorePath(paths.get(0).directory(), 4), paths.get(1), paths.get(2));
        String message = assertThrows(UserError.class, () -> train(config(), other, "run", true, ProgressListener.NONE)).getMessage();
        assertTrue(message.contains("\n  weight of training data: 5.0 in the run, 4.0 now\nSet it back"), message);
        List<StorePath> swapped = List.of(paths.get(0), paths.get(2), paths.get(1));
        message = assertThrows(UserError.class, () -> train(config(), swapped, "run", true, ProgressListener.NONE)).getMessage();
        assertTrue(message.contains("\n  training data 2, sha256 of shard-00000.bin: "), message);
    }

    @Test
    void whatDoesNotGoTogetherIsRefusedWithWhatToDo() throws IOException {
        prepare("other", 4, "tokenizer.vocab_size=270");
        Path a = directory.resolve("a");
        Path other = directory.resolve("other");
        String message = refusal(new StorePath(a), new StorePath(other));
        assertTrue(message.startsWith("the data in " + a + " and in " + other + " have different tokenizers (sha256 of tokenizer.json: "), message);
        assertTrue(message.endsWith("softq prepare --set tokenizer.type=file --set tokenizer.file=" + a.resolve("train/tokenizer.json")), message);
        assertEquals("--data " + a + " is given twice. Give it once, with the sum of its weights.", refusal(new StorePath(a), new StorePath(a, 2)));
        assertTrue(refusal(new StorePath(a), new StorePath(directory.resolve("b"), 0)).startsWith("b has the weight 0.0; a weight is a number above 0"));
        prepare("chat", 4, "tokenizer={type: file, file: " + a.resolve("train/tokenizer.json") + "}", "data.apply_chat_template=true",
                "data.chat_template=chatml");
        assertTrue(PreparedData.open(List.of(new StorePath(a), new StorePath(directory.resolve("chat"))), config()).mixed().size() == 2,
                "another rendering with the same end goes together");
    }

    private static String refusal(StorePath... paths) {
        return assertThrows(UserError.class, () -> PreparedData.open(List.of(paths), config())).getMessage();
    }

    @Test
    void aWeightStandsBehindTheLastColon() throws IOException {
        assertEquals(new StorePath(Path.of("runs/math"), 3), StorePath.parse("runs/math:3"));
        assertEquals(new StorePath(Path.of("math"), 0.25), StorePath.parse("math:.25"));
        assertEquals(new StorePath(Path.of("math")), StorePath.parse("math"));
        assertEquals(new StorePath(Path.of("a:b")), StorePath.parse("a:b"));
        Path named = Files.createDirectory(directory.resolve("at-10:30"));
        assertEquals(new StorePath(named), StorePath.parse(named.toString()), "a directory of that very name");
        assertEquals(new StorePath(named, 2), StorePath.parse(named + ":2"));
    }
}
