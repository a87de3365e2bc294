package io.softq4j.cli;

import io.softq4j.cli.benchmark.EngineBenchmark;
import io.softq4j.cli.terminal.Terminal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code softq benchmark engine}. */
@Command(name = "engine", mixinStandardHelpOptions = true, versionProvider = Version.class,
        header = "Training and generation against PyTorch and ONNX Runtime, in turns in one run.",
        description = "%nEach side has a process of its own, the same weights, the same batch and the same threads; sides take turns, medians are "
                + "compared, and the losses of the first five steps must be equal within 1e-4 or nothing is reported (exit code 1). The peer is the "
                + "faster of two ways to PyTorch. Measures:%n%n"
                + "  small              6 x 384, V 8192, B 8, T 256: tokens/s, share of the matrix peak, memory%n"
                + "  gpt2               12 x 768, V 50257, B 4, T 256 (GPT-2 124M): the same%n"
                + "  soft-q             a step with lambda 0.1 against one with lambda 0%n"
                + "  growth-length      T 256 to 1024 at equal tokens: time against FLOPs%n"
                + "  growth-vocabulary  V 8192 to 50257 at equal tokens: time against FLOPs%n"
                + "  decode             16 rows, 256 new tokens, against ONNX Runtime with a key-value cache%n"
                + "  native-memory      2000 steps of a tiny model: memory outside the heap stays%n%n"
                + "Use an otherwise idle machine: work beside it changes the ratios too.%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  softq benchmark engine --measure small --steps 5",
            "  softq benchmark engine --measure soft-q --measure decode",
            "  # all of them; the rows as JSON too",
            "  softq benchmark engine --json engine.json"
        })
final class BenchmarkEngineCommand implements Callable<Integer> {

    @Option(names = "--json", paramLabel = "FILE", arity = "0..1", fallbackValue = BenchmarkCommand.STANDARD_OUTPUT, description = "Print the rows as JSON "
            + "instead of a table, or write them to FILE too: [{measure, ours, peer, ratio, goal, met, ...}].")
    private Optional<Path> json = Optional.empty();

    @Option(names = "--measure", paramLabel = "NAME", description = "Only this measure; may be repeated. Without it: all.")
    private List<String> measures = new ArrayList<>();

    @Option(names = "--steps", paramLabel = "N", defaultValue = "10", description = "Timed steps of each side (default ${DEFAULT-VALUE}).")
    private int steps;

    @Mixin
    private OutputOptions replacing;

    @Spec
    private CommandSpec spec;

    private BenchmarkEngineCommand() {
    }

    @Override
    public Integer call() {
        json.ifPresent(file -> replacing.output(file).requireFile(BenchmarkCommand.EARLIER));
        EngineBenchmark.Options options = new EngineBenchmark.Options(json, measures, steps);
        EngineBenchmark.installed().run(options, BenchmarkCommand.table(json, spec), Terminal.progress(spec.commandLine().getErr()));
        return 0;
    }
}
