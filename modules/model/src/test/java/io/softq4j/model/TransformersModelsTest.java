package io.softq4j.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.softq4j.common.Json;
import io.softq4j.common.UserError;
import io.softq4j.graph.Lowering;
import io.softq4j.model.weights.Safetensors;
import io.softq4j.model.weights.Tensor;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Models that transformers 4 and 5 wrote and computed: {@code transformers/models.py} says how. */
class TransformersModelsTest {

    @TempDir
    private Path directory;

    private static Stream<Arguments> models() throws IOException {
        List<Arguments> models = new ArrayList<>();
        for (String version : List.of("4", "5")) {
            JsonNode golden = Json.STRICT.readTree(TransformersModelsTest.class.getResource("/transformers/models-" + version + ".json"));
            for (JsonNode model : golden.get("cases")) {
                String name = golden.get("transformers").asText() + " " + model.get("family").asText() + " " + model.get("fields");
                models.add(Arguments.of(Named.of(name, model), ints(golden.get("ids")), ints(golden.get("source"))));
            }
        }
        return models.stream();
    }

    private static int[] ints(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false).mapToInt(JsonNode::asInt).toArray();
    }

    @ParameterizedTest
    @MethodSource("models")
    void computesTheLogitsOfTheLibraryOrIsRefusedByName(JsonNode model, int[] ids, int[] source) throws IOException {
        Files.writeString(directory.resolve("config.json"), model.get("config").toString());
        Safetensors.write(directory.resolve("model.safetensors"), tensors(model));
        if (model.has("refused")) {
            String message = assertThrows(UserError.class, () -> LanguageModel.load(directory, Lowering.FUSED)).getMessage();
            assertTrue(message.contains("config.json: " + model.get("refused").asText()), message);
            return;
        }
        double[][] expected = StreamSupport.stream(model.get("logits").spliterator(), false)
                .map(row -> StreamSupport.stream(row.spliterator(), false).mapToDouble(JsonNode::asDouble).toArray())
                .toArray(double[][]::new);
        double greatest = Arrays.stream(expected).flatMapToDouble(Arrays::stream).map(Math::abs).max().orElseThrow();
        try (LanguageModel loaded = LanguageModel.load(directory, Lowering.FUSED)) {
            for (ModelGraph graph : List.of(loaded.graph(), loaded.standardGraph())) {
                Gpt2Test.assertClose(expected, logits(graph, ids, source), 1e-5 * Math.max(1, greatest));
            }
            assertTheSameWhenSaved(loaded, expected, ids, source);
        }
    }

    private static double[][] logits(ModelGraph graph, int[] ids, int[] source) {
        if (!graph.readsSource()) {
            return Models.logits(graph, ids, 0, 0);
        }
        int[] decoder = new int[ids.length + 1];
        System.arraycopy(ids, 0, decoder, 1, ids.length);
        return new T5Rows(T5Rows.Row.of(source), T5Rows.Row.of(decoder)).logits(graph);
    }

    /** With the configuration kept but for what is another, and with one of our own. */
    private void assertTheSameWhenSaved(LanguageModel model, double[][] expected, int[] ids, int[] source) throws IOException {
        String kept = ConfigText.of(directory, model.config()).text();
        String fresh = ConfigText.fresh(model.config(), 0, 1).text();
        Safetensors.write(directory.resolve("model.safetensors"), model.tensors());
        for (String config : List.of(kept, fresh)) {
            Files.writeString(directory.resolve("config.json"), config);
            assertEquals(model.config(), Family.read(ConfigJson.open(directory)), config);
            try (LanguageModel again = LanguageModel.load(directory, Lowering.FUSED)) {
                Gpt2Test.assertClose(expected, logits(again.graph(), ids, source), 1e-4 * expected.length);
            }
        }
    }

    private static List<Tensor> tensors(JsonNode model) {
        List<Tensor> tensors = new ArrayList<>();
        model.get("tensors").properties().forEach(tensor -> {
            String name = model.path("copies").path(tensor.getKey()).asText(tensor.getKey());
            String formula = model.path("names").path(name).asText(name);
            List<Integer> shape = Arrays.stream(ints(tensor.getValue())).boxed().toList();
            tensors.add(new Tensor(tensor.getKey(), shape, weights(formula, shape.stream().reduce(1, Math::multiplyExact))));
        });
        return tensors;
    }

    private static FloatBuffer weights(String name, int size) {
        CRC32 crc = new CRC32();
        crc.update(name.getBytes(StandardCharsets.UTF_8));
        boolean gain = (name.contains("norm") || name.contains(".ln_")) && name.endsWith("weight");
        FloatBuffer values = FloatBuffer.allocate(size);
        for (int i = 0; i < size; i++) {
            long hash = crc.getValue() + i * 2_654_435_761L & 0xffff_ffffL;
            values.put(i, (float) ((hash >>> 16) / 65_536.0 - 0.5 + (gain ? 1 : 0)));
        }
        return values;
    }
}
