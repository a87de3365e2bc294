package io.softq4j.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.common.Mistakes;
import io.softq4j.common.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigTest {

    enum Schedule { COSINE, CONSTANT }

    record Warmup(int steps, double from) {
    }

    /** A section that a program can set. */
    record Model(int width, String name, Optional<Path> base, Schedule schedule, Warmup warmup, Map<String, List<Object>> choices) {
        Model {
            if (width < 1) {
                throw new IllegalArgumentException("width must be at least 1, was " + width);
            }
        }

        interface Draft {
            Draft width(int value);

            Draft name(String value);

            Draft base(Optional<Path> value);

            Draft schedule(Schedule value);

            Draft warmup(Warmup value);

            Draft choices(Map<String, List<Object>> value);
        }

        static Model defaults() {
            return new Model(8, "a", Optional.empty(), Schedule.COSINE, new Warmup(1, 0.5), Map.of());
        }
    }

    record Training(double learningRate, int batchSize, long seed, Schedule schedule, boolean shuffle, Warmup warmup,
            Optional<Integer> maxSteps) {
        Training {
            if (!(learningRate > 0)) {
                throw new IllegalArgumentException("learning_rate is " + learningRate + ", must be above 0");
            }
        }

        static Training defaults() {
            return new Training(1e-4, 8, 7, Schedule.COSINE, true, new Warmup(10, 0), Optional.empty());
        }

        boolean isShort() {
            return batchSize < 10;
        }
    }

    record Data(Path train, String field, List<Double> split, Map<String, Object> anything) {
        Data {
            if (anything.containsKey("seed")) {
                throw new UserError("data.anything.seed: seeds are given elsewhere");
            }
        }

        static Data defaults() {
            return new Data(Path.of("train.jsonl"), "text", List.of(0.9, 0.1), Map.of());
        }
    }

    private static final ConfigSchema SCHEMA = ConfigSchema.empty().section("training", Training.defaults()).section("data",
            Data.defaults());

    @TempDir
    private Path directory;
    private Path file;

    @BeforeEach
    void file() {
        file = directory.resolve("config.yaml");
    }

    private ConfigFile read(String yaml, String... set) {
        try {
            Files.writeString(file, yaml);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return SCHEMA.read(Optional.of(file), List.of(set));
    }

    private Training training(String yaml, String... set) {
        return read(yaml, set).section(Training.class);
    }

    private String error(String yaml, String... set) {
        return assertThrows(UserError.class, () -> read(yaml, set)).getMessage().replace(directory + "/", "");
    }

    @Test
    void withoutFileAndAssignmentsEverythingIsTheDefault() {
        ConfigFile config = SCHEMA.read(Optional.empty(), List.of());
        assertEquals(Training.defaults(), config.section(Training.class));
        assertEquals(Data.defaults(), config.section(Data.class));
        assertEquals(config.section(Training.class), training(""));
        assertEquals(config.section(Training.class), training("training:\n"));
    }

    @Test
    void everyKeyIsReadIntoItsComponent() {
        ConfigFile config = read("""
                training:
                  learning_rate: 3e-4
                  batch_size: 16
                  seed: 12345678901
                  schedule: constant
                  shuffle: false
                  warmup: {steps: 5, from: 1}
                  max_steps: 100
                data:
                  train: some dir/a.jsonl
                  field: 'no'
                  split: [1, 0]
                  anything: {objective.lambda: [0, 0.1, on], name: ["7"]}
                """);
        assertEquals(new Training(3e-4, 16, 12345678901L, Schedule.CONSTANT, false, new Warmup(5, 1), Optional.of(100)),
                config.section(Training.class));
        assertEquals(new Data(Path.of("some dir/a.jsonl"), "no", List.of(1.0, 0.0),
                Map.of("objective.lambda", List.of(0, 0.1, "on"), "name", List.of("7"))),
                config.section(Data.class));
    }

    @Test
    void aNestedRecordKeepsTheDefaultsOfTheKeysNotGiven() {
        assertEquals(new Warmup(3, 0), training("training: {warmup: {steps: 3}}").warmup());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{question}|{question}", "Question: {question}|Question: {question}", "a b/my #1.jsonl|a b/my #1.jsonl",
                "[draft].jsonl|[draft].jsonl",
        "*.jsonl|*.jsonl", "@home|@home", "a: b: c|a: b: c", "50%|50%", "\" {answer}\\n\"|` {answer}\n`", "'it''s'|it's", "on|on", "7|7"})
    void textIsTakenAsItWasTypedUnlessItIsInQuotes(String typed, String text) {
        Data data = read("data: {field: x}", "data.field=" + typed, "data.train=" + typed).section(Data.class);
        assertEquals(text, data.field());
        assertEquals(Path.of(text), data.train());
    }

    @Test
    void theLastTextTypedForAKeyWins() {
        assertEquals("{b}", read("data: {field: x}", "data.field={a}", "data.field={b}").section(Data.class).field());
    }

    @Test
    void textInsideOfAnAssignedSectionIsYaml() {
        assertEquals("x", read("", "data={field: x, split: [1]}").section(Data.class).field());
    }

    @Test
    void aListThatIsNoYamlIsShownAsTyped() {
        assertEquals("--set data.split=[0.5: 'data.split' is '[0.5', expected a list, such as [a, b]", error("", "data.split=[0.5"));
    }

    @Test
    void assignmentsLieOverTheFileInTheirOrder() {
        Training training = training("training: {batch_size: 2, seed: 3}",
                "training.batch_size=4", "training.batch_size=5", "training.warmup.steps=6");
        assertEquals(5, training.batchSize());
        assertEquals(3, training.seed());
        assertEquals(new Warmup(6, 0), training.warmup());
        assertEquals(List.of(0.5, 0.5), read("", "data.split=[0.5, 0.5]").section(Data.class).split());
    }

    @Test
    void whatAProgramSetsLiesOverWhatWasSaidBeforeAndIsAllThatIsStated() {
        ConfigSchema schema = ConfigSchema.empty().section("model", Model.defaults());
        Mistakes mistakes = new Mistakes();
        Statement program = Statement.values("model", Model.Draft.class, c -> c.name("no: 'yaml'").base(Optional.of(Path.of("x y")))
                .schedule(Schedule.CONSTANT)
                .warmup(new Warmup(3, 1e-30)).choices(Map.of("k", List.of(0, 0.1, true, "7"))));
        ConfigFile config = schema.read(List.of(Statement.assignment("model.name=before"), Statement.assignment("model.width=4"), program,
                Statement.assignment("model.schedule=cosine")), mistakes);
        assertEquals(new Model(4, "no: 'yaml'", Optional.of(Path.of("x y")), Schedule.COSINE, new Warmup(3, 1e-30),
                Map.of("k", List.of(0, 0.1, true, "7"))), config.section(Model.class));
        assertTrue(mistakes.messages().isEmpty());
        assertEquals("set by the program", config.origins("model").get("name").source());
        ConfigFile alone = schema.read(List.of(Statement.values("model", Model.Draft.class, c -> c.width(8))), mistakes);
        assertEquals(Set.of("model.width"), alone.stated());
    }

    @Test
    void whatAProgramSetsIsRefusedByItsKey() {
        ConfigSchema schema = ConfigSchema.empty().section("model", Model.defaults());
        Mistakes mistakes = new Mistakes();
        schema.read(List.of(Statement.values("model", Model.Draft.class, c -> c.width(0))), mistakes);
        assertEquals(List.of("set by the program: model: width must be at least 1, was 0"), mistakes.messages());
    }

    @Test
    void aKeyWithDotsOfItsOwnIsAssignedAsYaml() {
        ConfigFile config = read("data: {anything: {a.b: 1, c.d: 2}}", "data.anything={a.b: [0, 0.1], e: {min: 1e-4, max: 1, scale: log}}");
        assertEquals(Map.of("a.b", List.of(0, 0.1), "c.d", 2, "e", Map.of("min", 1e-4, "max", 1, "scale", "log")),
                config.section(Data.class).anything());
    }

    @Test
    void theEffectiveTextReadsBackToTheSameConfiguration() {
        ConfigFile config = read("training: {learning_rate: 1e-7, max_steps: 3}\ndata: {field: 'true', train: 'a: b', anything: {x: "
                + "[1, 'y']}}");
        ConfigFile again = read(config.effectiveYaml());
        assertEquals(config.section(Training.class), again.section(Training.class));
        assertEquals(config.section(Data.class), again.section(Data.class));
        assertEquals(config.effectiveYaml(), again.effectiveYaml());
        assertTrue(config.effectiveYaml().startsWith("training:\n  learning_rate: 1.0E-7\n  batch_size: 8\n"), config.effectiveYaml());
    }

    @Test
    void anUnknownKeyIsNamedWithItsLineAndTheKeyProbablyMeant() {
        assertEquals("config.yaml:3: unknown key 'training.learnig_rate'. Did you mean 'training.learning_rate'?",
                error("# x\ntraining:\n  learnig_rate: 1\n"));
        assertEquals("config.yaml:2: unknown key 'training.warmup.stesp'. Did you mean 'training.warmup.steps'?",
                error("training:\n  warmup: {stesp: 1}\n"));
        assertEquals("config.yaml:1: unknown key 'trianing'. Did you mean 'training'?", error("trianing:\n"));
        assertEquals("--set training.batchsize=1: unknown key 'training.batchsize'. Did you mean 'training.batch_size'?",
                error("", "training.batchsize=1"));
    }

    @Test
    void anUnknownKeyLikeNoneIsAnsweredWithAllKeys() {
        assertEquals("config.yaml:1: unknown key 'training.xyzzyx'. Known keys of 'training': learning_rate, batch_size, seed, "
                + "schedule, shuffle, warmup, max_steps.",
                error("training: {xyzzyx: 1}"));
        assertEquals("config.yaml:1: unknown key 'optimizer'. Known keys: training, data.", error("optimizer: {}"));
    }

    @Test
    void aKeyInTheWrongPlaceIsAnsweredWithWhereItStands() {
        assertEquals("--set learning_rate=1: unknown key 'learning_rate'. Did you mean 'training.learning_rate'?",
                error("", "learning_rate=1"));
        assertEquals("--set lerning_rate=1: unknown key 'lerning_rate'. Did you mean 'training.learning_rate'?",
                error("", "lerning_rate=1"));
        assertEquals("config.yaml:1: unknown key 'data.batch_size'. Did you mean 'training.batch_size'?", error("data: {batch_size: 1}"));
        assertEquals("--set training.steps=1: unknown key 'training.steps'. Did you mean 'training.warmup.steps'?",
                error("", "training.steps=1"));
    }

    @Test
    void oneRunReportsEveryMistake() {
        assertEquals("""
                8 mistakes:
                  --set seed: expected section.key=value, such as training.seed=7
                  --set lerning_rate=3: unknown key 'lerning_rate'. Did you mean 'training.learning_rate'?
                  config.yaml:2: unknown key 'training.seeed'. Did you mean 'training.seed'?
                  config.yaml:3: 'training.batch_size' is 'many', expected an integer up to 2147483647
                  config.yaml:5: unknown key 'training.warmup.stepps'. Did you mean 'training.warmup.steps'?
                  config.yaml:4: training: learning_rate is -1.0, must be above 0
                  config.yaml:7: 'data.split[1]' is 'half', expected a number
                  config.yaml:8: data.anything.seed: seeds are given elsewhere""", error("""
                training:
                  seeed: 3
                  batch_size: many
                  learning_rate: -1
                  warmup: {stepps: 3}
                data:
                  split: [1, half]
                  anything: {seed: 1}
                """, "seed", "lerning_rate=3"));
    }

    @Test
    void whatFollowsFromAMistakeIsNoOtherMistake() {
        ConfigSchema schema = ConfigSchema.empty().section("range", new Range(1, 2));
        String message = assertThrows(UserError.class, () -> schema.read(Optional.empty(), List.of("range.from=x", "range.to=0")))
                .getMessage();
        assertEquals("--set range.from=x: 'range.from' is 'x', expected an integer up to 2147483647", message);
    }

    record Range(int from, int to) {
        Range {
            if (to < from) {
                throw new UserError("to is " + to + ", below from " + from);
            }
        }
    }

    @Test
    void aConfigurationKnowsWhatWasStated() {
        ConfigFile config = read("training: {warmup: {steps: 3}}", "data.field=x").with(Data.defaults());
        assertTrue(config.states("training.warmup.steps") && config.states("training.warmup") && config.states("data.field"));
        assertFalse(config.states("training.warmup.from") || config.states("training.seed") || config.states("data.train"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "learning_rate: 1e400    | 'training.learning_rate' is '1e400', expected a number of at most 1.8e308",
        "learning_rate: -1e999   | 'training.learning_rate' is '-1e999', expected a number of at most 1.8e308",
        "learning_rate: fast     | 'training.learning_rate' is 'fast', expected a number",
        "learning_rate: '0.1'    | 'training.learning_rate' is '0.1', expected a number",
        "learning_rate: 1f       | 'training.learning_rate' is '1f', expected a number",
        "batch_size: 2.5         | 'training.batch_size' is '2.5', expected an integer up to 2147483647",
        "batch_size: 3000000000  | 'training.batch_size' is '3000000000', expected an integer up to 2147483647",
        "batch_size:             | 'training.batch_size' is empty, expected an integer up to 2147483647",
        "batch_size: [1, 2]      | 'training.batch_size' is a list of 2, expected an integer up to 2147483647",
        "shuffle: yes            | 'training.shuffle' is 'yes', expected true or false",
        "schedule: linear        | 'training.schedule' is 'linear', expected one of cosine, constant",
        "warmup: 3               | 'training.warmup' is '3', expected a section with the keys steps, from",
    }, quoteCharacter = '`')
    void aValueOfTheWrongTypeIsNamedWithKeyLineAndTheTypeExpected(String line, String message) {
        assertEquals("config.yaml:2: " + message, error("training:\n  " + line + "\n"));
    }

    @Test
    void elementsOfAListAreNamedByTheirNumber() {
        assertEquals("config.yaml:4: 'data.split[1]' is 'half', expected a number", error("data:\n  split:\n    - 0.5\n    - half\n"));
        assertEquals("config.yaml:1: 'data.split' is '0.5', expected a list, such as [a, b]", error("data: {split: 0.5}"));
        assertEquals("config.yaml:1: 'data.split[0]' is empty, expected a value", error("data: {split: [~]}"));
    }

    @Test
    void whatARecordRefusesIsReportedAtTheLineOfItsKey() {
        assertEquals("config.yaml:3: training: learning_rate is -1.0, must be above 0",
                error("training:\n  seed: 1\n  learning_rate: -1\n"));
        assertEquals("--set training.learning_rate=0: training: learning_rate is 0.0, must be above 0",
                error("training:\n  seed: 1\n", "training.learning_rate=0"));
    }

    @Test
    void aRefusalThatNamesItsSectionItselfIsNotNamedTwice() {
        assertEquals("config.yaml:2: data.anything.seed: seeds are given elsewhere", error("data:\n  anything: {seed: 1}\n"));
    }

    @Test
    void charactersThatYamlDoesNotHaveAreNamedWithTheirLine() {
        assertEquals("config.yaml:3: the character U+0007 is not allowed in YAML. Delete it, or write it as \"\\u0007\" between "
                + "double quotes",
                error("training:\n  seed: 1\n  name: a\u0007b\n"));
        assertTrue(error("# \u0000\ntraining: {}\n").startsWith("config.yaml:1: the character U+0000 is not allowed in YAML. "));
    }

    @Test
    void textThatIsNoYamlIsReportedWithItsLine() {
        String message = error("training:\n  seed: 1\n  batch_size: [1, 2\ndata: {}\n");
        assertTrue(message.startsWith("config.yaml:4: not valid YAML: "), message);
        assertEquals("config.yaml:2: the key 'training' is here for the second time", error("training: {seed: 1}\ntraining: {seed: 2}\n"));
        assertEquals("config.yaml:1: expected sections such as 'training:' at the top level, found 'hello'", error("hello"));
    }

    @Test
    void aMissingFileIsReportedWithTheDirectoryItWasLookedForIn() {
        String message = assertThrows(UserError.class, () -> SCHEMA.read(Optional.of(Path.of("nowhere.yaml")), List.of())).getMessage();
        assertEquals("no such file: nowhere.yaml (current directory: " + Path.of("").toAbsolutePath() + ")", message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"seed", "=3", ""})
    void anAssignmentWithoutKeyOrValueIsRefused(String assignment) {
        assertEquals("--set " + assignment + ": expected section.key=value, such as training.seed=7", error("", assignment));
    }

    @Test
    void yamlThatContainsItselfIsAnErrorWhereItStands() throws IOException {
        Path file = Files.writeString(directory.resolve("loop.yaml"), "training:\n  seed: 1\ndata: &data\n  anything:\n    inner: *data\n");
        UserError error = assertThrows(UserError.class, () -> SCHEMA.read(Optional.of(file), List.of()));
        assertTrue(error.getMessage().startsWith(file + ":3: this YAML contains itself: "), error.getMessage());
        error = assertThrows(UserError.class, () -> SCHEMA.read(Optional.empty(), List.of("data.split=&x [1, *x]")));
        assertTrue(error.getMessage().contains("this YAML contains itself"), error.getMessage());
    }

    @Test
    void anchorsThatMultiplyAreAnErrorAndOthersAreWrittenOut() throws IOException {
        StringBuilder yaml = new StringBuilder("data:\n  anything:\n    a0: &a0 [1, 2, 3, 4, 5, 6, 7, 8, 9]\n");
        for (int i = 1; i < 9; i++) {
            yaml.append("    a").append(i).append(": &a").append(i).append(" [").append(("*a" + (i - 1) + " , ").repeat(6)).append("0]\n");
        }
        Path file = Files.writeString(directory.resolve("multiply.yaml"), yaml);
        UserError error = assertThrows(UserError.class, () -> SCHEMA.read(Optional.of(file), List.of()));
        assertTrue(error.getMessage().contains(": this YAML has more than 100000 values where its anchors (&name) are written out"),
                error.getMessage());
        Path fine = Files.writeString(directory.resolve("fine.yaml"), "data:\n  anything:\n    a: &a [1, 2]\n    b: [*a, *a]\n");
        assertEquals("{a=[1, 2], b=[[1, 2], [1, 2]]}",
                new TreeMap<>(SCHEMA.read(Optional.of(fine), List.of()).section(Data.class).anything()).toString());
    }
}
