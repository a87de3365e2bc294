package io.softq4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.softq4j.common.Mistakes;
import io.softq4j.common.UserError;
import io.softq4j.config.ConfigFile;
import io.softq4j.workflow.Configuration;
import io.softq4j.workflow.ConfigurationCheck;
import io.softq4j.workflow.Sections;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** The schema that editors have, read by a validator and a YAML 1.2 parser that are not ours,
        says of a file what the program says of it. */
class ConfigSchemaTest {

    private static final Path CONFIGS = Launcher.file().resolveSibling("configs");
    private static final JsonNode SCHEMA = Sections.RUN.jsonSchema();
    private static final Schema VALIDATOR = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(SCHEMA);
    /** Of keys that another one depends on: what else to set, so that a value at the bound stands for itself. */
    private static final Map<String, String> BESIDE = Map.of("model.n_embd", "model.n_head=1", "model.n_head", "model.n_embd=65536");

    @TempDir
    private Path directory;

    private static List<Error> bySchema(String yaml) {
        Object values = new Load(LoadSettings.builder().setSchema(new CoreSchema()).build()).loadFromString(yaml);
        return VALIDATOR.validate(new ObjectMapper().<JsonNode>valueToTree(values));
    }

    private List<String> byProgram(String yaml) throws IOException {
        Mistakes mistakes = new Mistakes();
        Sections.RUN.read(Optional.of(Files.writeString(directory.resolve("run.yaml"), yaml)), List.of(), mistakes);
        return mistakes.messages();
    }

    @Test
    void theSchemaInTheTreeIsMadeFromTheRecords() throws IOException {
        Made.assertUpToDate(CONFIGS.resolve("softq.schema.json"), Sections.schema(), ConfigSchemaTest.class);
    }

    @Test
    void everyShippedConfigurationNamesTheSchemaAndKeepsToIt() throws IOException {
        try (Stream<Path> files = Files.list(CONFIGS)) {
            List<Path> shipped = files.filter(file -> file.toString().endsWith(".yaml")).toList();
            assertFalse(shipped.isEmpty());
            for (Path file : shipped) {
                String yaml = Files.readString(file);
                assertTrue(yaml.startsWith("# yaml-language-server: $schema=softq.schema.json\n"), file + " does not name its schema");
                assertEquals(List.of(), bySchema(yaml), file.toString());
                assertEquals(List.of(), byProgram(yaml), file.toString());
            }
        }
    }

    @Test
    void whatTheProgramWritesKeepsToTheSchemaAndIsReadBack() throws IOException {
        ConfigFile config = Sections.RUN.read(Optional.empty(), List.of("training.seed=7", "data.filter.dedupe=near", "sweep.search=random",
                "sweep.parameters={training.learning_rate: {min: 1e-4, max: 1e-2, scale: log}}", "generation.early_stopping=never"));
        for (String yaml : List.of(config.effectiveYaml(), config.originYaml())) {
            assertEquals(List.of(), bySchema(yaml), yaml);
            ConfigFile back = Sections.RUN.read(Optional.of(Files.writeString(directory.resolve("run.yaml"), yaml)), List.of());
            Sections.RUN.sections().forEach(section -> assertEquals(config.values(section), back.values(section), section));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "training:", "training: {}", "training: {max_steps: -1}",
            "training: {learning_rate: 1e-4, adam_epsilon: 1E-8}",
        "data: {train: corpus.jsonl}", "data: {train: [a.jsonl, b.jsonl], validation: null}",
            "data: {train: [{path: a.jsonl, weight: 3}, b.jsonl, {path: 'c d'}], mixing_weights: []}",
                "data: {train: [{path: a.jsonl}, 5], mixing_weights: [2, 0.5]}",
                "data: {train: 7, prompt: 5, response: '{a}'}",
        "data: {columns: {prompt: 1}, filter: {keep_matching: {text: a}}}", "data: {split_by: null}", "generation: {early_stopping: true}",
        "generation: {early_stopping: never}", "generation: {early_stopping: 'false'}",
                "generation: {forced_bos_token_id: 5, bad_words_ids: [[1, 2]]}",
        "model: {n_embd: 12, n_head: 3}", "evaluation: {temperatures: [0, 1.5]}",
        "sweep: {parameters: {objective.lambda: [0, 0.1]}, seeds: [1, 12345678901]}",
        "sweep: {parameters: {training.optim: [sgd, adamw_torch], tuning.freeze: [wte, h.0], model.n_layer: [1, 2]}}",
        "sweep: {search: random, parameters: {training.learning_rate: {min: 1.0e-4, max: 1.0e-2, scale: log}, objective.lambda: {min: 0, max: 1}}}",
        "training: {max_shard_size: 5GB, seed: 9223372036854775807}", "training: {max_shard_size: 1048576}", "training: {max_shard_size: '007KiB'}",
        "generation: {exponential_decay_length_penalty: [], stop_strings: [\"\\n\"], bad_words_ids: [[1], [2, 3]]}",
        "generation: {exponential_decay_length_penalty: [20, 1.05]}", "tuning: {lora_target_modules: all-linear}"})
    void whatTheProgramTakesTheSchemaTakes(String yaml) throws IOException {
        assertEquals(List.of(), byProgram(yaml));
        assertEquals(List.of(), bySchema(yaml));
    }

    @ParameterizedTest
    @ValueSource(strings = {"trainng: {seed: 1}", "training: {sed: 1}", "data: {filter: {dedup: near}}", "training: 5", "training: [1]",
        "training: {seed: seven}", "training: {seed: 1.5}", "training: {seed: null}", "training: {seed: '7'}",
                "training: {max_length: 3000000000}",
        "training: {packing: 1}", "training: {packing: 'true'}", "training: {learning_rate: [1]}", "training: {learning_rate: 0}",
        "training: {lr_scheduler_type: cosin}", "training: {max_steps: 0}", "training: {max_steps: -2}",
        "data: {max_length: 1}", "data: {columns: [a]}", "data: {columns: {prompt: [a]}}", "data: {mixing_weights: [0]}",
                "data: {mixing_weights: 1}",
        "data: {train: [{path: a, weight: 0}]}", "data: {train: [{path: a, weight: -1}, b]}", "data: {train: [{path: a, weight: '3'}]}",
        "data: {train: [{path: a, weight: null}]}", "data: {train: [{path: a, wieght: 3}]}", "data: {train: [{weight: 3}]}", "data: {train: [{}]}",
        "data: {train: [{path: null}]}", "data: {train: [{path: [a], weight: 2}]}", "data: {train: {path: a, weight: 3}}", "data: {train: [[a, b]]}",
        "data: {validation: [{path: a}]}",
        "data: {filter: {dedupe_threshold: 1.1}}", "generation: {early_stopping: maybe}", "generation: {bad_words_ids: [1]}",
        "evaluation: {temperatures: [hot]}", "evaluation: {pass_at_k: [0]}", "evaluation: {temperatures: []}", "evaluation: {temperatures: null}",
        "evaluation: {temperatures: [0.5, 1, 0.5]}", "sweep: {seeds: []}", "sweep: {seeds: [3, 1, 3]}", "sweep: {seeds: [1, null]}",
        "training: {max_shard_size: 5 GB}", "training: {max_shard_size: 0}", "training: {max_shard_size: 1.5}", "training: {max_shard_size: 0GB}",
        "training: {max_shard_size: -5}", "training: {max_shard_size: true}", "training: {seed: 9223372036854775808}",
        "generation: {exponential_decay_length_penalty: [20]}", "generation: {stop_strings: [a, '']}", "generation: {bad_words_ids: [[]]}",
        "tuning: {lora_target_modules: []}", "tokenizer: {special_tokens: []}", "tokenizer: {special_tokens: [<s>, <s>]}",
        "sweep: {parameters: {objective.lambda: 0}}", "sweep: {parameters: {objective.lambda: []}}", "sweep: {parameters: {objective.lambda: [0, 0]}}",
        "sweep: {parameters: {objective.lambda: [[0]]}}", "sweep: {parameters: {objective.lambda: [null]}}",
        "sweep: {search: random, parameters: {objective.lambda: {min: 0}}}",
        "sweep: {search: random, parameters: {objective.lambda: {min: 0, max: 1, scale: cubic}}}",
        "sweep: {search: random, parameters: {objective.lambda: {min: 0, max: 1, step: 1}}}"})
    void aMistakeIsSeenByBoth(String yaml) throws IOException {
        assertFalse(byProgram(yaml).isEmpty(), "the program takes it");
        assertFalse(bySchema(yaml).isEmpty(), "the schema takes " + yaml);
    }

    /** Each bound of the schema is the one that the record holds to: a value at it binds, the next one outside is refused. */
    @Test
    void theBoundsOfTheSchemaAreThoseOfTheRecords() throws IOException {
        List<String> wrong = new ArrayList<>();
        int[] bounds = {0};
        keys("", SCHEMA, (key, schema) -> {
            boolean list = schema.has("items");
            JsonNode bounded = list ? schema.get("items") : schema;
            boolean integer = bounded.path("type").toString().contains("integer");
            JsonNode limits = bounded.has("anyOf") ? bounded.get("anyOf").get(0) : bounded;
            for (String word : List.of("minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum")) {
                double bound = limits.path(word).asDouble(Double.NaN);
                if (Double.isNaN(bound) || bound == Integer.MIN_VALUE || bound == Integer.MAX_VALUE
                        || Math.abs(bound) >= Long.MAX_VALUE) {
                    continue;    // of the type, and no number that the record could look at
                }
                bounds[0]++;
                int outwards = word.endsWith("inimum") ? -1 : 1;
                boolean exclusive = word.startsWith("exclusive");
                String within = text(exclusive ? next(bound, -outwards, integer) : bound, integer);
                String outside = text(exclusive ? bound : next(bound, outwards, integer), integer);
                if (!refused(key, within, list).isEmpty()) {
                    wrong.add(key + " " + word + " " + bound + ", but " + within + " is refused: " + refused(key, within, list));
                }
                if (refused(key, outside, list).isEmpty()) {
                    wrong.add(key + " " + word + " " + bound + ", but " + outside + " is taken");
                }
            }
        });
        assertEquals(List.of(), wrong);
        assertTrue(bounds[0] > 60, bounds[0] + " bounds");
    }

    /** What only trials show: names, types and bounds of what a sweep varies. */
    @ParameterizedTest
    @ValueSource(strings = {"objective.lamda: [0, 1]", "objective.lambda: [0, -1]", "training.optim: [sgd, adam]", "model.n_layer: [1, 2.5]",
        "training.packing: ['yes']", "training.seed: [1, 2]", "data.max_length: [8, 16]", "sweep.trials: [3]", "evaluation.temperatures: [0.5]"})
    void aMistakeInWhatASweepVariesIsSeenByBoth(String parameter) throws IOException {
        String yaml = "sweep: {parameters: {" + parameter + "}}";
        Configuration configuration = Configuration.of(Files.writeString(directory.resolve("run.yaml"), yaml));
        String key = parameter.substring(0, parameter.indexOf(':'));
        String message = assertThrows(UserError.class, () -> new ConfigurationCheck(configuration).run()).getMessage();
        assertTrue(message.contains("sweep.parameters") && message.contains(key.substring(key.indexOf('.') + 1)), message);
        assertFalse(bySchema(yaml).isEmpty(), "the schema takes " + yaml);
    }

    @Test
    void theLengthsOfListsInTheSchemaAreThoseOfTheRecords() {
        int[] lists = {0};
        keys("", SCHEMA, (key, schema) -> {
            if (schema.path("minItems").asInt() > 0) {
                lists[0]++;
                assertFalse(refused(key, "", true).isEmpty(), key + " may be empty");
            }
            if (schema.path("uniqueItems").asBoolean()) {
                String item = schema.get("items").path("type").toString().contains("string") ? "a" : "1";
                assertEquals(List.of(), refused(key, item, true), key);
                assertFalse(refused(key, item + ", " + item, true).isEmpty(), key + " may hold a value twice");
            }
        });
        assertEquals(4, lists[0]);
    }

    private static double next(double value, int direction, boolean integer) {
        return integer ? value + direction : direction > 0 ? Math.nextUp(value) : Math.nextDown(value);
    }

    private static String text(double value, boolean integer) {
        return integer ? Long.toString((long) value) : Double.toString(value);
    }

    private static List<String> refused(String key, String value, boolean list) {
        Mistakes mistakes = new Mistakes();
        List<String> assignments = new ArrayList<>(Optional.ofNullable(BESIDE.get(key)).stream().toList());
        assignments.add(key + "=" + (list ? "[" + value + "]" : value));
        Sections.RUN.read(Optional.empty(), assignments, mistakes);
        return mistakes.messages();
    }

    private interface Visitor {

        void visit(String key, JsonNode schema);
    }

    private static void keys(String prefix, JsonNode section, Visitor visitor) {
        section.get("properties").properties().forEach(property -> {
            if (property.getValue().has("properties") && !property.getValue().has("default")) {
                keys(prefix + property.getKey() + ".", property.getValue(), visitor);
            } else {
                visitor.visit(prefix + property.getKey(), property.getValue());
            }
        });
    }
}
