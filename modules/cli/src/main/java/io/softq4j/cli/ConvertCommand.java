package io.softq4j.cli;

import io.softq4j.cli.pipeline.Conversion;
import io.softq4j.model.weights.ShardSize;
import io.softq4j.training.SaveDtype;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code softq convert}. */
@Command(name = "convert", mixinStandardHelpOptions = true, versionProvider = Version.class,
        header = "Writes a model directory again, in another precision or other shards.",
        description = "%nOne tensor is in memory at a time. The files beside the weights are kept; an optimiser's state is not.%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  softq convert runs/iql --out iql-bf16 --dtype bfloat16",
            "  softq convert SmolLM2-135M --out whole                              F16, BF16 or shards to one file of float32",
            "  softq convert runs/iql --out small-files --max-shard-size 500MB"
        })
final class ConvertCommand implements Callable<Integer>, Computes {

    @Parameters(index = "0", paramLabel = "MODEL", description = "Run directory, checkpoint or model directory.")
    private Path model;

    @Option(names = {"-o", "--out"}, required = true, paramLabel = "DIR", description = "Where to; new or empty.")
    private Path out;

    @Option(names = "--dtype", defaultValue = "float32", paramLabel = "TYPE", converter = Dtypes.class, completionCandidates = Dtypes.class,
            description = "One of ${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE}). Values are rounded to the nearest, ties to even.")
    private SaveDtype dtype;

    @Option(names = "--max-shard-size", defaultValue = "5GB", paramLabel = "SIZE",
            description = "Bytes of tensors in one file, such as 500MB (default ${DEFAULT-VALUE}).")
    private String maxShardSize;

    @Spec
    private CommandSpec spec;

    private ConvertCommand() {
    }

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

    @Override
    public Integer call() {
        long bytes = Conversion.run(model, out, dtype.dtype(), ShardSize.parse(maxShardSize).bytes());
        spec.commandLine().getOut().printf(Locale.ROOT, "%,d bytes of %s in %s%n", bytes, dtype.dtype().torchName(), out);
        return 0;
    }
}
