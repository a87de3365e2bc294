package io.softq4j.workflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.softq4j.common.Json;
import io.softq4j.common.UserError;
import io.softq4j.data.DataConfig;
import io.softq4j.training.TrainingResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Validation sets by name: how they are written, prepared, measured and resumed. */
class ValidationSetsTest {

    @TempDir
    private Path directory;
    private Path easy;
    private Path hard;
    private Configuration configuration;

    @BeforeEach
    void write() throws IOException {
        Path train = Files.writeString(directory.resolve("train.jsonl"), """
                {"prompt": "say a:", "response": " a"}
                {"prompt": "say b:", "response": " b"}
                """.repeat(4));
        easy = Files.writeString(directory.resolve("easy.jsonl"), "{\"prompt\": \"say a:\", \"response\": \" a\"}\n".repeat(3));
        hard = Files.writeString(directory.resolve("hard.jsonl"),
                "{\"prompt\": \"what is it?\", \"response\": \" something else\"}\n".repeat(2));
        configuration = Configuration.defaults().data(c -> c.train(List.of(train.toString())).maxLength(48)).tokenizer(c -> c.vocabSize(262))
                .model(c -> c.nPositions(48).nEmbd(8).nLayer(1).nHead(2)).objective(c -> c.lambda(0)).generation(c -> c.maxNewTokens(4))
                .training(c -> c.maxSteps(4).saveSteps(2).perDeviceTrainBatchSize(4));
    }

    private DataConfig data(String yaml, String... assignments) throws IOException {
        Path file = Files.writeString(directory.resolve("c.yaml"), yaml);
        return Configuration.of(file).set(List.of(assignments)).read().section(DataConfig.class);
    }

    @Test
    void filesBelowNamesAndTwoListsAreOneConfiguration() throws IOException {
        DataConfig below = data("data:\n  validation:\n    easy: a.jsonl\n    hard: [b.jsonl, c.jsonl]\n");
        assertEquals(List.of("a.jsonl", "b.jsonl", "c.jsonl"), below.validation());
        assertEquals(List.of("easy", "hard", "hard"), below.validationNames());
        assertEquals(Map.of("easy", List.of("a.jsonl"), "hard", List.of("b.jsonl", "c.jsonl")), below.validationSets());
        assertEquals(below, data("data: {validation: [a.jsonl, b.jsonl, c.jsonl], validation_names: [easy, hard, hard]}"));
        assertEquals(below, data("data: {}", "data.validation={easy: a.jsonl, hard: [b.jsonl, c.jsonl]}"));
        assertEquals(Map.of("", List.of("a.jsonl", "b.jsonl")), data("data: {validation: [a.jsonl, b.jsonl]}").validationSets());
        assertEquals(Map.of("", List.of("d.jsonl")), data("data: {validation: {easy: a.jsonl}}",
                "data.validation=d.jsonl").validationSets(),
                "a list said later has no names of earlier");
        assertEquals(Map.of("", List.of("d.jsonl")), data("data: {validation: [a.jsonl], validation_names: [easy]}",
                "data.validation=d.jsonl")
                .validationSets());
    }

    @Test
    void mistakesInNamesAreSaid() {
        for (Map.Entry<String, String> wrong : Map.of(
                "data: {validation: {easy: {path: a.jsonl}}}",
                "'data.validation.easy' is a section with the keys path, expected a file or a list of files",
                "data: {validation: {easy: a.jsonl}, validation_names: [b]}",
                "data.validation_names is given, and data.validation has names of its own",
                "data: {validation: [a, b], validation_names: [x]}",
                "validation_names has 1 names for the 2 entries of validation; give one for each",
                "data: {validation: {'a/b': a.jsonl}}",
                "validation_names has 'a/b'; a name is a part of keys and of a directory: letters, digits, _ and -",
                "data: {validation: {a: a.jsonl, a_b: b.jsonl}}", "validation_names has 'a' and 'a_b', whose keys").entrySet()) {
            String message = assertThrows(UserError.class, () -> data(wrong.getKey())).getMessage();
            assertTrue(message.contains(wrong.getValue()), message);
        }
    }

    @Test
    void eachSetIsPreparedMeasuredAndResumed() throws IOException {
        Configuration named = configuration.data(c -> c.validation(List.of(easy.toString(),
                hard.toString())).validationNames(List.of("easy", "hard")))
                .evaluation(c -> c.metricForBestModel("hard_loss").loadBestModelAtEnd(true).predictWithGenerate(true).metrics(List.of("exact_match")));
        Path prepared = directory.resolve("data");
        PreparedData.prepare(named, prepared);
        assertTrue(Files.exists(prepared.resolve("validation-easy/manifest.json")));
        assertFalse(Files.exists(prepared.resolve("validation")));
        assertEquals(3, PreparedData.part(prepared, "validation-easy").size());
        assertEquals(2, PreparedData.part(prepared, "validation-hard").size());
        assertTrue(assertThrows(UserError.class, () -> PreparedData.part(prepared, "validation")).getMessage()
                .contains("it has [train, validation-easy, validation-hard]"));
        assertTrue(PreparedData.prepare(named, prepared).reused());

        Path run = directory.resolve("run");
        TrainingResult result = new Train(named).data(prepared).run(run);
        assertEquals("eval_hard_loss", result.best().orElseThrow().metric());
        JsonNode last = last(run);
        for (String key : List.of("eval_easy_loss", "eval_hard_loss", "eval_easy_exact_match", "eval_hard_exact_match", "eval_easy_runtime",
                "eval_hard_generate_runtime")) {
            assertTrue(last.has(key), key + " in " + last);
        }
        assertFalse(last.has("eval_loss"));
        assertTrue(Files.readString(run.resolve("samples.jsonl")).contains("\"set\":\"hard\""));
        assertTrue(Files.readString(run.resolve("model/README.md")).contains("| validation hard | "));
        assertEquals(6, new Train(Configuration.defaults().training(c -> c.maxSteps(6))).resume(run).steps());

        // the same rows without names give the figure of each set when it is alone
        Path alone = directory.resolve("alone");
        PreparedData.prepare(configuration.data(c -> c.validation(List.of(hard.toString()))), alone);
        Path other = directory.resolve("other");
        new Train(configuration).data(alone).run(other);
        assertEquals(last(other).get("eval_loss"), last.get("eval_hard_loss"));
    }

    @Test
    void whatWasPreparedBeforeThereWereNamesIsTheSamePreparation() throws IOException {
        Configuration plain = configuration.data(c -> c.validation(List.of(easy.toString())));
        Path prepared = directory.resolve("data");
        PreparedData.prepare(plain, prepared);
        Path config = prepared.resolve("config.yaml");
        String yaml = Files.readString(config);
        assertTrue(yaml.contains("validation_names"));
        Files.writeString(config, yaml.replaceAll("(?m)^.*validation_names.*\\R", ""));
        assertEquals(3, PreparedData.open(prepared).validation().get("").size());
        Path run = directory.resolve("run");
        new Train(plain).data(prepared).run(run);
        String record = Files.readString(run.resolve("run.json"));
        assertFalse(record.contains("validation_names"), "a run of before goes on: the key is told only if it is not as before");
    }

    private static JsonNode last(Path run) throws IOException {
        return Json.STRICT.readTree(Files.readAllLines(run.resolve("metrics.jsonl")).stream().filter(line -> line.contains("\"eval_")
                && line.contains("\"step\":4,")).findFirst().orElseThrow());
    }
}
