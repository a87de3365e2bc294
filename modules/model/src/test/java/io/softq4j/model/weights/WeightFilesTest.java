package io.softq4j.model.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.softq4j.common.AtomicFiles;
import io.softq4j.common.UserError;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class WeightFilesTest {

    private static final String FIRST = "model-00001-of-00003.safetensors";
    private static final String SECOND = "model-00002-of-00003.safetensors";
    private static final String THIRD = "model-00003-of-00003.safetensors";
    private static final String INDEX = "model.safetensors.index.json";

    @TempDir
    Path parent;
    private Path directory;

    @BeforeEach
    void directory() {
        directory = parent.resolve("model");
    }

    @Test
    void whatFitsIntoOneFileHasNoIndex() throws IOException {
        WeightFiles.write(directory, weights(), 52, DType.F32);
        assertEquals(Set.of("model.safetensors"), files());
        try (WeightFiles read = WeightFiles.open(directory)) {
            assertEquals(List.of("b", "c", "wte"), new ArrayList<>(read.names()));
            assertEquals(52, read.bytes());
        }
        WeightFiles.write(directory, weights(), 26, DType.BF16);
        assertEquals(Set.of("model.safetensors"), files());
    }

    /**
     * The layout and the text of transformers' save_pretrained: shards in the order of the model, an index sorted by name, indented by 2.
     */
    @Test
    void shardsAndIndexAreThoseOfSavePretrained() throws IOException {
        WeightFiles.write(directory, weights(), 19, DType.F32);
        assertEquals(Set.of(FIRST, SECOND, THIRD, INDEX), files());
        assertEquals("""
                {
                  "metadata": {
                    "total_size": 52
                  },
                  "weight_map": {
                    "b": "model-00002-of-00003.safetensors",
                    "c": "model-00003-of-00003.safetensors",
                    "wte": "model-00001-of-00003.safetensors"
                  }
                }
                """, Files.readString(directory.resolve(INDEX)));
        try (Safetensors shard = Safetensors.open(directory.resolve(SECOND))) {
            assertEquals(Set.of("b"), shard.names());
            assertEquals("pt", shard.metadata().get("format"));
        }
        try (WeightFiles read = WeightFiles.open(directory)) {
            assertEquals(List.of("wte", "b", "c"), new ArrayList<>(read.names()));
            assertEquals(List.of(2, 4), read.info("wte").shape());
            assertEquals(DType.F32, read.info("c").dtype());
            float[] wte = new float[8];
            read.read("wte", List.of(2, 4), FloatBuffer.wrap(wte));
            assertArrayEquals(new float[] {0, 1, 2, 3, 4, 5, 6, 7}, wte);
            float[] row = new float[4];
            read.readPart("wte", List.of(2, 4), 4, FloatBuffer.wrap(row));
            assertArrayEquals(new float[] {4, 5, 6, 7}, row);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 3", "19, 3", "20, 2", "32, 2", "51, 2", "52, 1", "9223372036854775807, 1"})
    void aShardIsFullWhenTheNextTensorWouldMakeItTooLarge(long maxShardBytes, int shards) {
        // b and c, of 12 and 8 bytes, come first here
        List<Tensor> weights = new ArrayList<>(weights());
        weights.add(weights.remove(0));
        assertEquals(shards, ShardPlan.of(weights, maxShardBytes, DType.F32).files().size());
    }

    @Test
    void aTensorIsMadeWhenItsTurnComesAndOnlyOnce() {
        WeightFiles.write(directory, weights(), 19, DType.F32);
        Path copy = parent.resolve("copy");
        List<String> made = new ArrayList<>();
        try (WeightFiles read = WeightFiles.open(directory)) {
            WeightFiles.write(copy, read.names().stream().map(name -> new DeferredTensor(name, read.info(name).shape(), () -> {
                made.add(name);
                FloatBuffer values = FloatBuffer.allocate((int) read.info(name).size());
                read.read(name, read.info(name).shape(), values);
                return values;
            })).toList(), 12, DType.BF16);
        }
        assertEquals(List.of("wte", "b", "c"), made);
        try (WeightFiles read = WeightFiles.open(copy)) {
            assertEquals(26, read.bytes());
            float[] c = new float[2];
            read.read("c", List.of(2), FloatBuffer.wrap(c));
            assertArrayEquals(new float[] {11, 12}, c);
        }
        DeferredTensor wrong = new DeferredTensor("w", List.of(2), () -> FloatBuffer.allocate(3));
        assertEquals("w: shape [2] has 2 elements, the buffer 3", assertThrows(IllegalArgumentException.class, wrong::values).getMessage());
    }

    @Test
    void aWriteThatFailsLeavesTheOldWeights() throws IOException {
        WeightFiles.write(directory, weights(), 19, DType.F32);
        List<WritableTensor> failing = new ArrayList<>(weights());
        failing.add(new DeferredTensor("d", List.of(5), () -> {
            throw new IllegalStateException("cut off");
        }));
        assertThrows(IllegalStateException.class, () -> WeightFiles.write(directory, failing, 19, DType.F32));
        assertEquals(Set.of(FIRST, SECOND, THIRD, INDEX), files());
        try (WeightFiles read = WeightFiles.open(directory); Stream<Path> left = Files.list(parent)) {
            assertEquals(3, read.names().size());
            assertEquals(List.of(directory), left.toList());
        }
    }

    @Test
    void aTieIsGivenOnce() {
        List<Tensor> twice = new ArrayList<>(weights());
        twice.add(twice.get(0));
        assertEquals("two tensors named wte",
                assertThrows(IllegalArgumentException.class, () -> WeightFiles.write(directory, twice, 19, DType.F32)).getMessage());
        assertFalse(Files.exists(directory));
    }

    @Test
    void aDirectoryWithOtherFilesIsNotReplacedButCanBeWrittenInto() throws IOException {
        AtomicFiles.writeDirectory(directory, target -> {
            Files.writeString(target.resolve("config.json"), "{}");
            WeightFiles.writeInto(target, weights(), 100, DType.F32);
        });
        String message = assertThrows(UserError.class, () -> WeightFiles.write(directory, weights(), 100, DType.F32)).getMessage();
        assertEquals(directory + " has files that are no weights and would be lost: config.json. Choose a directory that is new or has "
                + "weights alone.",
                message);
        assertEquals(Set.of("config.json", "model.safetensors"), files());
    }

    @Test
    void aTypeThatCannotBeWrittenAndAShardOfNothingAreRefused() {
        assertTrue(assertThrows(UserError.class, () -> WeightFiles.write(directory, weights(), 19, DType.I8)).getMessage()
                .startsWith("weights cannot be written as I8; allowed are F32"));
        assertThrows(IllegalArgumentException.class, () -> WeightFiles.write(directory, weights(), 0, DType.F32));
        assertFalse(Files.exists(directory));
    }

    @Test
    void aShardThatIsMissingIsNamed() throws IOException {
        WeightFiles.write(directory, weights(), 19, DType.F32);
        Files.delete(directory.resolve(SECOND));
        refused(directory.resolve(INDEX) + " names 3 shards, of which 1 are not in " + directory + ": " + SECOND
                + ". The copy or download is incomplete: finish it.");
    }

    @Test
    void aTensorThatIsNotWhereTheIndexHasItIsNamed() throws IOException {
        WeightFiles.write(directory, weights(), 19, DType.F32);
        Path second = directory.resolve(SECOND);
        Safetensors.write(second, List.of());
        refused("disagree: tensor 'b' is not in " + SECOND + ", where the weight_map has it");
        Safetensors.write(second, List.of(weights().get(1), weights().get(2)));
        refused("disagree: tensor 'c' is in " + SECOND + ", the weight_map has it in " + THIRD + ", which has it too.");
        Safetensors.write(second, List.of(weights().get(1), new Tensor("new", List.of(1), FloatBuffer.allocate(1))));
        refused("disagree: shard " + SECOND + " has tensor 'new', which is not in the weight_map");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x.safetensors", "/x.safetensors", "a/../x.safetensors", "..\\\\x.safetensors", "C:x.safetensors", "..", "",
            "x.bin",
        "x\\u0000.safetensors", "x\\ud800.safetensors"})
    void aShardOutsideTheDirectoryIsRefused(String shard) throws IOException {
        Files.createDirectory(directory);
        Safetensors.write(parent.resolve("x.safetensors"), weights());
        Files.writeString(directory.resolve(INDEX), "{\"weight_map\": {\"b\": \"" + shard + "\"}}");
        refused("weight_map, tensor 'b': '");
        refused("is not allowed; a shard is a file beside the index whose name ends in .safetensors, without a path");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "[] | it is not a JSON object",
        "`` | it is not a JSON object",
        "{'weight_map': {'b': 'b.safetensors' | it is not valid JSON",
        "{'weight_map': {'b': 'b.safetensors'}} 1 | it goes on after the JSON object",
        "{'metadata': {}} | it has no weight_map, or an empty one",
        "{'weight_map': {}} | it has no weight_map, or an empty one",
        "{'weight_map': 1} | weight_map: an object expected, a whole number found",
        "{'metadata': []} | metadata: an object expected, a list found",
        "{'weight_map': {'b': 1}} | weight_map, tensor 'b': the name of a file expected, a whole number found",
        "{'weight_map': {'b': 'x.safetensors', 'b': 'y.safetensors'}} | weight_map has tensor 'b' twice, in x.safetensors and in "
        + "y.safetensors",
        "{'weight_map': {'b': 'b.safetensors'}, 'weight_map': {}} | key weight_map appears twice",
        "{'metadata': {}, 'metadata': {}} | key metadata appears twice",
        "{'metadata': {'total_size': 99999999999999999999}} | it is not valid JSON",
    })
    void anIndexThatIsNoneIsRefusedByName(String index, String complaint) throws IOException {
        Files.createDirectory(directory);
        Files.writeString(directory.resolve(INDEX), index.replace('\'', '"'));
        refused(directory.resolve(INDEX) + " is not an index of safetensors shards: " + complaint);
    }

    /** Files of the hub have all of these, and transformers does not look at the size. */
    @Test
    void anotherTotalSizeIsAWarningAndUnknownKeysArePassedOver() throws IOException {
        WeightFiles.write(directory, weights(), 19, DType.F32);
        Path index = directory.resolve(INDEX);
        String right = Files.readString(index);
        assertEquals(List.of(), warnings());
        Files.writeString(index, right.replace("52", "52.0"));
        assertEquals(List.of(), warnings());
        Files.writeString(index, right.replace("52", "null, \"total_parameters\": 13, \"x\": {\"y\": []}").replaceFirst("\\{",
                "{\"more\": [{}],"));
        assertEquals(List.of(), warnings());
        Files.writeString(index, right.replace("52", "104"));
        assertEquals(List.of(index + ": total_size is 104, the tensors take 52 bytes. The shards agree with their own headers and the "
                + "weight_map,"
                + " so they are read."), warnings());
    }

    @Test
    void theSingleFileGoesBeforeAnIndexWithAWarning() throws IOException {
        WeightFiles.write(directory, weights(), 19, DType.F32);
        Safetensors.write(directory.resolve("model.safetensors"), weights().subList(0, 1));
        assertEquals(List.of(directory + " has both model.safetensors and " + INDEX + ": the first is read. Delete the one that is left "
                + "from an earlier"
                + " save."), warnings());
        try (WeightFiles read = WeightFiles.open(directory)) {
            assertEquals(Set.of("wte"), read.names());
        }
    }

    /** The cache of the hub has links in its snapshots. */
    @Test
    void aShardMayBeALink() throws IOException {
        WeightFiles.write(directory, weights(), 19, DType.F32);
        Path blob = Files.move(directory.resolve(SECOND), parent.resolve("blob"));
        Files.createSymbolicLink(directory.resolve(SECOND), blob);
        try (WeightFiles read = WeightFiles.open(directory)) {
            assertEquals(3, read.names().size());
        }
    }

    @Test
    void aDirectoryWithoutReadableWeightsIsExplained() throws IOException {
        refused("no model directory at " + directory + ". Check the path; it is a directory with config.json and model.safetensors.");
        Files.createDirectory(directory);
        Files.writeString(directory.resolve("config.json"), "{}");
        refused("no weights in " + directory + ": neither model.safetensors nor " + INDEX + ". Check the path, or finish the download.");
        Files.writeString(directory.resolve("other.safetensors"), "");
        refused("nor " + INDEX + ". It has other.safetensors. Rename or convert what holds the model.");
        Files.writeString(directory.resolve("pytorch_model.bin"), "");
        refused("It has its weights as pytorch_model.bin, PyTorch's pickle format, which can run code when it is read;");
        refused("Convert it where you trust its origin, in Python: from transformers import AutoModelForCausalLM;"
                + " AutoModelForCausalLM.from_pretrained(\"" + directory + "\").save_pretrained(\"" + directory + "\").");
        Files.delete(directory.resolve("pytorch_model.bin"));
        Files.writeString(directory.resolve("tiny-q4.gguf"), "");
        refused("It has its weights as tiny-q4.gguf, the format of llama.cpp, mostly quantised. Take the model it was made from, or "
                + "convert it, in");
        refused("AutoModelForCausalLM.from_pretrained(\"" + directory + "\", gguf_file=\"tiny-q4.gguf\").save_pretrained(OUT), and the "
                + "same with");
        Files.writeString(directory.resolve("adapter_config.json"), "{\"base_model_name_or_path\": \"org/base\"}");
        refused("It holds LoRA adapters alone (adapter_config.json) of the base model org/base. softq generate, chat, evaluate and export "
                + "read them as they are; what needs a whole model wants them merged: softq merge " + directory + " --out OUT.");
    }

    @Test
    void aTensorThatIsNotThereIsNamed() {
        WeightFiles.write(directory, weights(), 19, DType.F32);
        try (WeightFiles read = WeightFiles.open(directory)) {
            assertEquals("the weights in " + directory + " have no tensor 'd'. They have 3: wte, b, c. They belong to another model or "
                    + "configuration.",
                    assertThrows(UserError.class, () -> read.info("d")).getMessage());
            String message = assertThrows(UserError.class, () -> read.read("b", List.of(1), FloatBuffer.allocate(1))).getMessage();
            assertTrue(message.startsWith(directory.resolve(SECOND) + ": tensor 'b' has shape [3], the model needs [1]"), message);
        }
    }

    /** 32, 12 and 8 bytes as F32. */
    private static List<Tensor> weights() {
        return List.of(new Tensor("wte", List.of(2, 4), FloatBuffer.wrap(new float[] {0, 1, 2, 3, 4, 5, 6, 7})),
                new Tensor("b", List.of(3), FloatBuffer.wrap(new float[] {8, 9, 10})),
                new Tensor("c", List.of(2), FloatBuffer.wrap(new float[] {11, 12})));
    }

    private void refused(String complaint) {
        String message = assertThrows(UserError.class, () -> WeightFiles.open(directory)).getMessage();
        assertTrue(message.contains(complaint), message);
    }

    private List<String> warnings() {
        Logger logger = (Logger) LoggerFactory.getLogger(WeightFiles.class);
        ListAppender<ILoggingEvent> appender = new ListAppender<>();
        appender.start();
        logger.addAppender(appender);
        try (WeightFiles read = WeightFiles.open(directory)) {
            assertFalse(read.names().isEmpty());
        } finally {
            logger.detachAppender(appender);
        }
        return appender.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    private Set<String> files() throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(entry -> entry.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
