package io.softq4j.cli;

import io.softq4j.model.weights.DType;
import io.softq4j.model.weights.ShardSize;
import io.softq4j.training.run.SaveDtype;
import java.util.Arrays;
import java.util.Iterator;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options of every command that writes the weights of a whole model; a {@code @Mixin}. */
final class WeightOptions {

    @Option(names = "--dtype", defaultValue = "float32", paramLabel = "TYPE", converter = Dtypes.class, completionCandidates = Dtypes.class,
            description = "One of ${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE}). Values are rounded to the nearest, ties to even.")
    private SaveDtype dtype;

    @Option(names = "--max-shard-size", defaultValue = ShardSize.DEFAULT, paramLabel = "SIZE",
            description = "Bytes of tensors in one file, such as 500MB (default ${DEFAULT-VALUE}).")
    private String maxShardSize;

    /** The types by the names the configuration has for them. */
    private static final class Dtypes implements ITypeConverter<SaveDtype>, Iterable<String> {
        @Override
        public SaveDtype convert(String value) {
            return Arrays.stream(SaveDtype.values()).filter(type -> type.dtype().torchName().equals(value)).findFirst()
                    .orElseThrow(() -> new TypeConversionException("must be float32 or bfloat16, was '" + value + "'"));
        }

        @Override
        public Iterator<String> iterator() {
            return Arrays.stream(SaveDtype.values()).map(type -> type.dtype().torchName()).iterator();
        }
    }

    DType dtype() {
        return dtype.dtype();
    }

    /** @throws io.softq4j.common.UserError if it is no size */
    long maxShardBytes() {
        return ShardSize.parse(maxShardSize).bytes();
    }
}
