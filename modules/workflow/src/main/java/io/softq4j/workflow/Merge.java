package io.softq4j.workflow;

import io.softq4j.common.AtomicFiles;
import io.softq4j.common.Exclusive;
import io.softq4j.common.Output;
import io.softq4j.common.UserError;
import io.softq4j.model.AdapterConfig;
import io.softq4j.model.weights.DType;
import io.softq4j.model.weights.ShardSize;
import io.softq4j.model.weights.WeightFiles;
import java.nio.file.Path;

/** The model of an adapter written as one that needs no other. */
public final class Merge {

    private Merge() {
    }

    /**
     * Merges into a new or empty directory, as float32 in one file of weights, or as few as the largest size of a file allows.
     *
     * @param path an adapter's directory, a checkpoint or a run
     * @throws UserError as {@link #run(Path, Output, DType, long)}
     */
    public static void run(Path path, Path out) {
        run(path, Output.at(out), DType.F32, ShardSize.parse(ShardSize.DEFAULT).bytes());
    }

    /**
     * Merges.
     *
     * @param path          an adapter's directory, a checkpoint or a run
     * @param output        a directory that is new or empty
     * @param maxShardBytes bytes of tensors in one file
     * @throws UserError if there is no adapter, adapter or base cannot be loaded, or the output holds something; what needs no weights is checked first
     */
    public static void run(Path path, Output output, DType dtype, long maxShardBytes) {
        Path from = ModelDirectory.find(path);
        if (!AdapterConfig.isIn(from)) {
            throw new UserError(from + " is not an adapter: it has no adapter_config.json. There is nothing to merge; it is a model by itself.");
        }
        output.reading(ModelDirectory.inputs(path)).requireDirectory(Output.Earlier.NONE);
        Path out = output.path();
        try (Exclusive alone = Exclusive.alone(out); ModelDirectory merged = ModelDirectory.open(from)) {
            KeptFiles kept = KeptFiles.of(from).with(dtype);
            AtomicFiles.writeDirectory(out, directory -> {
                kept.write(directory);
                WeightFiles.writeInto(directory, merged.model().tensors(), maxShardBytes, dtype);
            });
        }
    }
}
