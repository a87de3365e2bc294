package io.softq4j.workflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.softq4j.common.Mistakes;
import io.softq4j.config.ConfigFile;
import io.softq4j.data.DataConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code data.train} whose entries carry their weights is the list and {@code data.mixing_weights}, in every layer of a configuration. */
class WeightedCorporaTest {

    @TempDir
    private Path directory;
    private Path file;

    @BeforeEach
    void file() {
        file = directory.resolve("run.yaml");
    }

    private ConfigFile read(String yaml, String... set) throws IOException {
        return Sections.RUN.read(Optional.of(Files.writeString(file, yaml)), List.of(set));
    }

    private List<String> mistakes(String yaml, String... set) throws IOException {
        Mistakes mistakes = new Mistakes();
        Sections.RUN.read(Optional.of(Files.writeString(file, yaml)), List.of(set), mistakes);
        return mistakes.messages().stream().map(message -> message.replace(directory + "/", "")).toList();
    }

    private static void assertMixed(List<String> paths, List<Double> weights, ConfigFile config) {
        DataConfig data = config.section(DataConfig.class);
        assertEquals(paths, data.train());
        assertEquals(weights, data.mixingWeights());
    }

    @Test
    void anEntryMayCarryItsWeightAndHasOneOtherwise() throws IOException {
        ConfigFile config = read("""
                data:
                  train:
                    - path: "a b.jsonl"
                      weight: 3
                    - chats/**/*.gz
                    - {path: 7, weight: 2.5e-1}
                """);
        assertMixed(List.of("a b.jsonl", "chats/**/*.gz", "7"), List.of(3.0, 1.0, 0.25), config);
        assertMixed(List.of("a.jsonl", "b.jsonl"), List.of(3.0, 1.0), read("", "data.train=[{path: a.jsonl, weight: 3}, b.jsonl]"));
        assertMixed(List.of("a.jsonl", "b.jsonl"), List.of(), read("", "data.train=[{path: a.jsonl}, b.jsonl]"));
        assertMixed(List.of("a.jsonl", "b.jsonl"), List.of(2.0, 5.0), read("data: {train: [{path: a.jsonl}, b.jsonl], mixing_weights: [2, 5]}"));
        assertMixed(List.of("a.jsonl", "b.jsonl"), List.of(1.0, 4.0), read("data: {train: [a.jsonl, {path: b.jsonl, weight: 4}], mixing_weights: []}"));
    }

    @Test
    void bothSpellingsAreOneConfigurationAndItIsReadBack() throws IOException {
        ConfigFile entries = read("data: {train: [{path: a.jsonl, weight: 3}, b.jsonl]}");
        ConfigFile lists = read("data: {train: [a.jsonl, b.jsonl], mixing_weights: [3, 1]}");
        assertEquals(lists.effectiveYaml(), entries.effectiveYaml());
        assertEquals(lists.stated(), entries.stated());
        assertEquals(entries.effectiveYaml(), read(entries.effectiveYaml()).effectiveYaml());
        assertEquals(entries.values("data"), read(entries.originYaml()).values("data"));
    }

    @Test
    void whatIsSaidLaterReplacesWeightsInEitherSpelling() throws IOException {
        String entries = "data: {train: [{path: a, weight: 3}, b]}";
        String lists = "data: {train: [a, b], mixing_weights: [3, 1]}";
        assertMixed(List.of("a", "b"), List.of(5.0, 6.0), read(entries, "data.mixing_weights=[5, 6]"));
        assertMixed(List.of("a", "b"), List.of(), read(entries, "data.mixing_weights=[]"));
        assertMixed(List.of("c"), List.of(), read(entries, "data.train=c"));
        assertMixed(List.of("c", "d", "e"), List.of(1.0, 9.0, 1.0), read(lists, "data.train=[c, {path: d, weight: 9}, e]"));
        assertMixed(List.of("c", "d"), List.of(3.0, 1.0), read(lists, "data.train=[{path: c}, d]"));
        assertMixed(List.of("c", "d"), List.of(1.0, 2.0), read(entries, "data.train=[{path: x, weight: 7}, y]", "data.train=[c, {path: d, weight: 2}]"));
        assertMixed(List.of("p", "q"), List.of(2.0, 3.0), Configuration.of(Files.writeString(file, entries))
                .data(d -> d.train(List.of("p", "q")).mixingWeights(List.of(2.0, 3.0))).read());
    }

    @Test
    void bothInOnePlaceAreRefused() throws IOException {
        assertEquals(List.of("run.yaml:3: data.mixing_weights is given, and entries of data.train have a weight of their own (run.yaml:2). Which of the two? "
                + "Remove the other"), mistakes("data:\n  train: [{path: a, weight: 3}, b]\n  mixing_weights: [3, 1]\n"));
        assertEquals(List.of("--set data.mixing_weights=[2, 2]: data.mixing_weights is given, and entries of data.train have a weight of their own "
                + "(--set data.train=[{path: a, weight: 3}, b]). Which of the two? Remove the other"),
                mistakes("", "data.train=[{path: a, weight: 3}, b]", "data.mixing_weights=[2, 2]"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{path: b, weight: 0}|data.train[1].weight must be above 0, was 0", "{path: b, weight: -2}|data.train[1].weight must be above 0, was -2",
        "{path: b, weight: .inf}|data.train[1].weight must be above 0, was Infinity",
        "{path: b, weight: x}|'data.train[1].weight' is 'x', expected a number", "{path: b, weight: }|'data.train[1].weight' is empty, expected a number",
        "{path: b, wieght: 3}|unknown key 'data.train[1].wieght'. Did you mean 'data.train[1].weight'?",
        "{path: b, share: 3}|unknown key 'data.train[1].share'. Known keys of 'data.train[1]': path, weight.",
        "{weight: 3}|'data.train[1].path' is missing: which corpus? An entry is a path, or {path: a.jsonl, weight: 3}",
        "{path: [b, c], weight: 3}|'data.train[1].path' is a list of 2, expected text", "[b, c]|'data.train[1]' is a list of 2, expected text"})
    void aMistakeInAnEntryIsNamedWithItsLine(String entry, String message) throws IOException {
        assertEquals(List.of("run.yaml:4: " + message), mistakes("data:\n  train:\n    - {path: a, weight: 2}\n    - " + entry + "\n    - c\n"));
    }

    @Test
    void everyMistakeIsSaidAndTheRestIsCheckedAllTheSame() throws IOException {
        Mistakes mistakes = new Mistakes();
        ConfigFile config = Sections.RUN.read(Optional.empty(), List.of("data.train=[{path: a, weight: 0}, {path: b, wait: 1}, c]", "data.max_length=1"), mistakes);
        assertEquals(3, mistakes.messages().size(), mistakes.messages().toString());
        assertMixed(List.of("a", "b", "c"), List.of(), config);
    }

    @Test
    void anEntryOutsideOfAListIsRefused() throws IOException {
        assertEquals(List.of("run.yaml:1: 'data.train' is a section with the keys path, weight, expected a list, such as [{path: a.jsonl, weight: 3}, b.jsonl]"),
                mistakes("data: {train: {path: a, weight: 3}}"));
        assertEquals(1, mistakes("", "data.train={path: a, weight: 3}").size());
        assertEquals(1, mistakes("data: {validation: [{path: a, weight: 3}]}").size());
    }

    @Test
    void thePreparationIsTheSameToTheLastBit() throws IOException {
        for (String name : List.of("a", "b")) {
            StringBuilder rows = new StringBuilder();
            for (int i = 0; i < (name.equals("a") ? 30 : 7); i++) {
                rows.append("{\"prompt\": \"").append(name).append(" and ").append(i).append("\", \"completion\": \"").append(i * i).append("\"}\n");
            }
            Files.writeString(directory.resolve(name + ".jsonl"), rows);
        }
        String rest = ", stopping_strategy: first_exhausted}\ntokenizer: {vocab_size: 300}\n";
        Path one = prepared("data: {train: [{path: %1$s/a.jsonl, weight: 3}, %1$s/b.jsonl]" + rest, "one");
        Path two = prepared("data: {train: [%1$s/a.jsonl, %1$s/b.jsonl], mixing_weights: [3, 1]" + rest, "two");
        Path plain = prepared("data: {train: [%1$s/a.jsonl, %1$s/b.jsonl]" + rest, "plain");
        for (String made : List.of("train/shard-00000.bin", "train/manifest.json", "tokenizer.json", "data-card.json", "config.yaml")) {
            assertEquals(-1, Files.mismatch(one.resolve(made), two.resolve(made)), made);
        }
        assertNotEquals(-1, Files.mismatch(one.resolve("train/shard-00000.bin"), plain.resolve("train/shard-00000.bin")), "weights change what is made");
    }

    private Path prepared(String yaml, String name) throws IOException {
        Path out = directory.resolve(name);
        PreparedData.prepare(Configuration.of(Files.writeString(file, yaml.formatted(directory))), out);
        return out;
    }
}
