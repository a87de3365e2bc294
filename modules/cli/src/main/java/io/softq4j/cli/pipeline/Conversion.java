package io.softq4j.cli.pipeline;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.softq4j.common.AtomicFiles;
import io.softq4j.common.Json;
import io.softq4j.common.UserError;
import io.softq4j.model.ModelConfig;
import io.softq4j.model.WeightFit;
import io.softq4j.model.weights.DType;
import io.softq4j.model.weights.DeferredTensor;
import io.softq4j.model.weights.TensorInfo;
import io.softq4j.model.weights.WeightFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A model directory written again: its weights in another precision or other shards, one tensor in memory at a time, the files beside them kept. */
public final class Conversion {

    /** Weights in any format, and what makes a checkpoint one from which training goes on: neither is true of the copy. */
    private static final Pattern LEFT_BEHIND = Pattern.compile(".*\\.(safetensors|bin|pt|pth|ckpt|h5|msgpack|gguf|onnx)"
            + "|.*\\.(safetensors|bin)\\.index\\.json|trainer_state\\.json|manifest\\.json");

    private Conversion() {
    }

    /**
     * Converts.
     *
     * @param path          a model directory, a checkpoint or a run
     * @param out           a directory that is new or empty
     * @param maxShardBytes bytes of tensors in one file
     * @return bytes of the tensors written
     * @throws UserError if the model cannot be loaded, or {@code out} holds something
     */
    public static long run(Path path, Path out, DType dtype, long maxShardBytes) {
        Path from = ModelDirectory.find(path);
        AtomicFiles.requireNewOrEmpty(out);
        try (WeightFiles files = WeightFiles.open(from)) {
            WeightFit fit = WeightFit.of(ModelConfig.read(from), files);
            fit.require(from);
            List<TensorInfo> tensors = fit.stored().values().stream().map(files::info).toList();
            int largest = tensors.stream().mapToInt(info -> Math.toIntExact(info.size())).max().orElse(0);
            FloatBuffer buffer = ByteBuffer.allocateDirect(Math.multiplyExact(largest, Float.BYTES)).order(ByteOrder.nativeOrder()).asFloatBuffer();
            List<DeferredTensor> deferred = fit.stored().entrySet().stream()
                    .map(e -> deferred(e.getKey(), files.info(e.getValue()), files, buffer)).toList();
            AtomicFiles.writeDirectory(out, target -> {
                copyFiles(from, target);
                writeConfig(from, target, dtype);
                WeightFiles.writeInto(target, deferred, maxShardBytes, dtype);
            });
            return tensors.stream().mapToLong(info -> info.size() * dtype.bytes()).sum();
        }
    }

    private static DeferredTensor deferred(String name, TensorInfo info, WeightFiles files, FloatBuffer buffer) {
        return new DeferredTensor(name, info.shape(), () -> {
            FloatBuffer values = buffer.slice(0, Math.toIntExact(info.size()));
            files.read(info.name(), info.shape(), values);
            return values;
        });
    }

    private static List<Path> list(Path directory) {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.sorted().toList();
        } catch (IOException e) {
            throw new UserError("cannot read " + directory + ": " + e.getMessage() + ". Check its permissions.", e);
        }
    }

    private static void copyFiles(Path from, Path target) throws IOException {
        for (Path file : list(from)) {
            String name = file.getFileName().toString();
            if (Files.isRegularFile(file) && !name.equals("config.json") && !LEFT_BEHIND.matcher(name).matches()) {
                Files.copy(file, target.resolve(name));
            }
        }
    }

    /** As it is, but for the type of the weights, here and in the model card; newer versions of transformers call it {@code dtype}. */
    static void writeConfig(Path from, Path target, DType dtype) throws IOException {
        ObjectNode config = (ObjectNode) Json.PYTHON.readTree(from.resolve("config.json").toFile());
        config.put(config.has("dtype") ? "dtype" : "torch_dtype", dtype.torchName());
        Files.writeString(target.resolve("config.json"), Json.PYTHON.writerWithDefaultPrettyPrinter().writeValueAsString(config) + "\n");
        Path card = target.resolve("README.md");
        if (Files.exists(card)) {
            Files.writeString(card, Files.readString(card).replaceAll("(?m)^(\\| precision \\| .*saved as )\\w+ \\|$", "$1" + dtype.torchName() + " |"));
        }
    }
}
