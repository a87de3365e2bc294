package io.softq4j.cli;

import io.softq4j.workflow.Conversion;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code softq convert}. */
@Command(name = "convert", mixinStandardHelpOptions = true, versionProvider = Version.class,
        header = "Writes a model directory again, in another precision or other shards.",
        description = "%nOne tensor is in memory at a time. The files beside the weights are kept; an optimiser's state is not.%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  softq convert runs/iql --out iql-bf16 --dtype bfloat16",
            "  # F16, BF16 or shards to one file of float32",
            "  softq convert SmolLM2-135M --out whole",
            "  softq convert runs/iql --out small-files --max-shard-size 500MB"
        })
final class ConvertCommand implements Callable<Integer>, Computes {

    @Parameters(index = "0", paramLabel = "MODEL", description = "Run directory, checkpoint or model directory.")
    private Path model;

    @Option(names = {"-o", "--out"}, required = true, paramLabel = "DIR", description = "Where to; new or empty.")
    private Path out;

    @Mixin
    private WeightOptions weights;

    @Mixin
    private OutputOptions replacing;

    @Mixin
    private JsonResults results;

    @Spec
    private CommandSpec spec;

    private ConvertCommand() {
    }

    @Override
    public Integer call() {
        long bytes = Conversion.run(model, replacing.output(out), weights.dtype(), weights.maxShardBytes());
        results.put("model", out);
        results.put("dtype", weights.dtype().torchName());
        results.put("bytes", bytes);
        spec.commandLine().getOut().printf(Locale.ROOT, "%,d bytes of %s in %s%n", bytes, weights.dtype().torchName(), out);
        return 0;
    }
}
