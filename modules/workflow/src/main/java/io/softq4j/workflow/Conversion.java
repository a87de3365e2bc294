package io.softq4j.workflow;

import io.softq4j.common.AtomicFiles;
import io.softq4j.common.Exclusive;
import io.softq4j.common.Output;
import io.softq4j.model.ModelConfig;
import io.softq4j.model.WeightFit;
import io.softq4j.model.weights.DType;
import io.softq4j.model.weights.DeferredTensor;
import io.softq4j.model.weights.ShardSize;
import io.softq4j.model.weights.TensorInfo;
import io.softq4j.model.weights.WeightFiles;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;

/** A model directory written again: its weights in another precision or other shards, one tensor in memory at a time, the files beside them kept. */
public final class Conversion {

    private Conversion() {
    }

    /**
     * Converts into a new or empty directory.
     *
     * @throws io.softq4j.common.UserError as {@link #run(Path, Output, DType, long)}
     */
    public static long run(Path path, Path out, DType dtype) {
        return run(path, Output.at(out), dtype, ShardSize.parse(ShardSize.DEFAULT).bytes());
    }

    /**
     * Converts.
     *
     * @param path          a model directory, a checkpoint or a run
     * @param output        a directory that is new or empty
     * @param maxShardBytes bytes of tensors in one file
     * @return bytes of the tensors written
     * @throws io.softq4j.common.UserError if the model cannot be loaded, or the output holds something
     */
    public static long run(Path path, Output output, DType dtype, long maxShardBytes) {
        Path from = ModelDirectory.find(path);
        output.reading(ModelDirectory.inputs(path)).requireDirectory(Output.Earlier.NONE);
        Path out = output.path();
        try (Exclusive alone = Exclusive.alone(out); WeightFiles files = WeightFiles.open(from)) {
            WeightFit fit = WeightFit.of(ModelConfig.read(from), files);
            fit.require(from);
            ModelDirectory.requireWhole(from);
            List<TensorInfo> tensors = fit.stored().values().stream().map(files::info).toList();
            int largest = tensors.stream().mapToInt(info -> Math.toIntExact(info.size())).max().orElse(0);
            FloatBuffer buffer = ByteBuffer.allocateDirect(Math.multiplyExact(largest, Float.BYTES)).order(ByteOrder.nativeOrder()).asFloatBuffer();
            List<DeferredTensor> deferred = fit.stored().entrySet().stream()
                    .map(e -> deferred(e.getKey(), files.info(e.getValue()), files, buffer)).toList();
            KeptFiles kept = KeptFiles.of(from).with(dtype);
            AtomicFiles.writeDirectory(out, target -> {
                kept.write(target);
                WeightFiles.writeInto(target, deferred, maxShardBytes, dtype);
            });
            return tensors.stream().mapToLong(info -> info.size() * dtype.bytes()).sum();
        }
    }

    private static DeferredTensor deferred(String name, TensorInfo info, WeightFiles files, FloatBuffer buffer) {
        return new DeferredTensor(name, info.shape(), () -> {
            FloatBuffer values = buffer.slice(0, Math.toIntExact(info.size()));
            files.readFinite(info.name(), info.shape(), values);
            return values;
        });
    }
}
