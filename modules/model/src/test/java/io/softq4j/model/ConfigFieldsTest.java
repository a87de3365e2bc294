package io.softq4j.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.softq4j.common.Json;
import io.softq4j.common.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigFieldsTest {

    private static final Map<String, String> CONFIGS = Map.of("llama", LlamaCheckpoint.LLAMA.config(), "mistral",
            LlamaCheckpoint.MISTRAL.config(),
            "qwen2", LlamaCheckpoint.QWEN2.config(), "qwen3", LlamaCheckpoint.QWEN3.config(), "gpt_neox", GptNeoXCheckpoint.PYTHIA.config(),
            "t5", T5Checkpoint.T5.config(), "gpt2", "{\"model_type\": \"gpt2\", \"vocab_size\": 11, \"n_positions\": 16, \"n_embd\": 12, "
                    + "\"n_layer\": 2, \"n_head\": 3, \"use_cache\": true}");

    @TempDir
    private Path directory;

    /** The lists that {@code transformers/models.py} took from the library's classes. */
    @ParameterizedTest
    @ValueSource(strings = {"4", "5"})
    void everyFieldOfTheLibrarysClassesHasAPlaceInTheTable(String version) throws IOException {
        JsonNode fields = golden(version).get("fields");
        assertEquals(Set.copyOf(Family.kinds().stream().map(kind -> kind.model().modelType()).toList()), names(fields));
        for (String type : names(fields)) {
            fields.get(type).forEach(field -> assertTrue(ConfigFields.knows(type, field.asText()), type + ": " + field));
        }
    }

    private static JsonNode golden(String version) throws IOException {
        return Json.STRICT.readTree(ConfigFieldsTest.class.getResource("/transformers/models-" + version + ".json"));
    }

    private static Set<String> names(JsonNode object) {
        Set<String> names = new TreeSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Test
    void theTableOfTheDocumentsIsTheTableOfTheReaders() throws IOException {
        String document = Files.readString(Path.of("../../docs/models.md"));
        assertTrue(document.contains("\n\n" + ConfigFields.table() + "\n"), "docs/models.md should have the table\n"
                + ConfigFields.table());
    }

    private ConfigJson config(String type, String field, String value) throws IOException {
        String config = CONFIGS.get(type);
        Path file = directory.resolve(type + ".json");
        String others = config.replaceFirst("\"" + field + "\": *(\\[[^]]*]|\\{[^}]*}|[^,}]*),? ?", "").replaceFirst(", ?}$", "}");
        Files.writeString(file, field.isEmpty() ? config : others.substring(0, others.lastIndexOf('}')) + ", \"" + field + "\": " + value
                + "}");
        return ConfigJson.open(file);
    }

    /** A field whose value is of no kind that any field has is refused, or is one of those without effect. */
    @Test
    void whatTheTableCallsReadIsReadAndWhatItRefusesIsRefused() throws IOException {
        // read by others, or only beside another field
        List<String> elsewhere = List.of("model_type", "bos_token_id", "eos_token_id", "transformers_version",
                "original_max_position_embeddings",
                "sliding_window", "max_window_layers");
        for (String type : CONFIGS.keySet()) {
            Family.read(config(type, "", ""));
            for (String field : ConfigFields.read(type)) {
                if (!elsewhere.contains(field)) {
                    ConfigJson json = config(type, field, "[\"x\"]");
                    assertThrows(UserError.class, () -> Family.read(json), type + ": " + field);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "is_causal | false | is_causal is false",
        "is_causal | null | is_causal is null",
        "per_layer_config | {\"0\": {\"hidden_act\": \"relu\"}} | per_layer_config is {",
        "pruned_heads | {\"0\": [0]} | pruned_heads is {",
        "quantization_config | {\"bits\": 4} | quantization_config is {",
        "configuration_files | [\"config.4.json\"] | configuration_files is [",
        "transformers_weights | \"other.safetensors\" | transformers_weights is ",
        "attention_chunk_size | 4 | attention_chunk_size is 4",
        "layer_types | [\"full_attention\", \"sliding_attention\"] | layer_types has \"sliding_attention\"",
        "layer_types | [\"full_attention\"] | layer_types must be a list with a value for each layer, was [\"full_attention\"] with ",
        "layer_types | [] | layer_types must be a list with a value for each layer, was [] with ",
        "layer_types | \"full_attention\" | layer_types must be a list with a value for each layer, was \"full_attention\" with "})
    void whatChangesEveryFamilyIsRefusedByAllByName(String field, String value, String message) throws IOException {
        for (String type : CONFIGS.keySet()) {
            ConfigJson json = config(type, field, value);
            String seen = assertThrows(UserError.class, () -> Family.read(json), type).getMessage();
            assertTrue(seen.contains(type + ".json: " + message), seen);
        }
    }

    @Test
    void whatTheLibraryDoesNotKnowChangesNothing() throws IOException {
        for (String type : CONFIGS.keySet()) {
            assertEquals(Family.read(config(type, "", "")), Family.read(config(type, "a_note_of_a_tool", "{\"version\": 3}")));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "\"rope_theta\": 500, \"rope_parameters\": {\"rope_theta\": 700.0} | rope_theta is given twice with different values, "
                + "{rope_parameters.rope_theta=700.0, rope_theta=500.0}",
        "\"rope_scaling\": {\"rope_type\": \"linear\", \"factor\": 2.0}, \"rope_parameters\": {\"rope_theta\": 700.0} | rope_theta is "
        + "given twice with "
                + "different values, {rope_parameters.rope_theta=700.0, the default of rope_theta=10000.0}",
        "\"rope_theta\": 700, \"rope_scaling\": {\"type\": \"linear\", \"factor\": 2}, \"rope_parameters\": {\"rope_theta\": 700.0} | "
        + "rope_scaling and "
                + "rope_parameters contradict each other: {\"type\":\"linear\",\"factor\":2} and {\"rope_theta\":700.0}",
        "\"rope_scaling\": {\"rope_type\": \"linear\", \"type\": \"default\", \"factor\": 2} | rope_scaling.rope_type is linear and type, "
        + "the older name of "
                + "it, default",
        "\"rope_scaling\": null, \"rope_parameters\": {\"rope_type\": \"linear\", \"factor\": 2} | rope_scaling is null and "
        + "rope_parameters is {",
        "\"rope_parameters\": {\"full_attention\": {\"rope_theta\": 10000.0}} | rope_parameters.full_attention is "
        + "{\"rope_theta\":10000.0}; settings of "
                + "rotary positions by type of layer are not supported.",
        "\"rope_parameters\": {\"rope_type\": \"yarn\", \"factor\": 2.0} | rope_parameters.rope_type is \"yarn\", only default, linear "
        + "or llama3",
        "\"rope_parameters\": {\"rope_theta\": 700.0, \"partial_rotary_factor\": 0.5} | partial_rotary_factor is 0.5, only 1.0",
        "\"original_max_position_embeddings\": 8, \"rope_scaling\": {\"rope_type\": \"llama3\", \"factor\": 8, \"low_freq_factor\": 1, "
                + "\"high_freq_factor\": 4, \"original_max_position_embeddings\": 16} | original_max_position_embeddings is 8 and "
                + "rope_scaling.original_max_position_embeddings 16"})
    void aSettingOfRotaryPositionsThatStandsInTwoPlacesMustBeTheSameInBoth(String fields, String message) throws IOException {
        String seen = assertThrows(UserError.class, () -> rotary(fields)).getMessage();
        assertTrue(seen.contains(".json: " + message), seen);
    }

    private LlamaConfig rotary(String fields) throws IOException {
        Path file = directory.resolve("rotary.json");
        Files.writeString(file, "{\"model_type\": \"llama\", \"vocab_size\": 11, \"max_position_embeddings\": 64, \"hidden_size\": 12, "
                + "\"intermediate_size\": 10, \"num_hidden_layers\": 2, \"num_attention_heads\": 3, " + fields + "}");
        return (LlamaConfig) ModelConfig.read(file);
    }

    @Test
    void aSettingOfRotaryPositionsIsReadWhereverItStands() throws IOException {
        RopeScaling linear = new RopeScaling.Linear(2);
        for (String fields : List.of("\"rope_theta\": 700, \"rope_scaling\": {\"type\": \"linear\", \"factor\": 2}",
                "\"rope_scaling\": {\"rope_type\": \"linear\", \"factor\": 2.0, \"rope_theta\": 700}",
                "\"rope_parameters\": {\"rope_type\": \"linear\", \"factor\": 2.0, \"rope_theta\": 700}",
                "\"rope_theta\": 700, \"rope_parameters\": {\"rope_type\": \"linear\", \"factor\": 2.0}",
                "\"rope_theta\": 700, \"rope_scaling\": {\"type\": \"linear\", \"factor\": 2}, \"rope_parameters\": {\"rope_type\": "
                + "\"linear\", \"factor\": 2.0}")) {
            assertEquals(700, rotary(fields).ropeTheta(), fields);
            assertEquals(linear, rotary(fields).ropeScaling(), fields);
        }
        String llama3 = "{\"rope_type\": \"llama3\", \"factor\": 8, \"low_freq_factor\": 1, \"high_freq_factor\": 4}";
        assertEquals(new RopeScaling.Llama3(8, 1, 4, 64), rotary("\"rope_parameters\": " + llama3).ropeScaling());
        assertEquals(new RopeScaling.Llama3(8, 1, 4, 16),
                rotary("\"original_max_position_embeddings\": 16, \"rope_parameters\": " + llama3).ropeScaling());
    }

    @Test
    void theLibrarysOtherNamesOfSizesAreReadToo() throws IOException {
        String gpt2 = "{\"model_type\": \"gpt2\", \"vocab_size\": 11, \"n_positions\": 16, \"hidden_size\": 12, \"num_hidden_layers\": 2, "
                + "\"n_head\": 3";
        Path file = directory.resolve("config.json");
        Files.writeString(file, gpt2 + "}");
        assertEquals(Gpt2Config.defaults().with(c -> c.vocabSize(11).nPositions(16).nEmbd(12).nLayer(2).nHead(3)), ModelConfig.read(file));
        Files.writeString(file, gpt2 + ", \"n_embd\": 24}");
        String message = assertThrows(UserError.class, () -> ModelConfig.read(file)).getMessage();
        assertTrue(message.contains("n_embd is 24 and hidden_size, another name of it, 12"), message);
    }
}
