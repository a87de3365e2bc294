package io.softq4j.cli;

import io.softq4j.cli.benchmark.DataBenchmark;
import io.softq4j.cli.terminal.Terminal;
import io.softq4j.common.Inputs;
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

/** {@code softq benchmark data}. */
@Command(name = "data", mixinStandardHelpOptions = true, versionProvider = Version.class,
        header = "Tokenising against Hugging Face's Rust library and jtokkit, preparing, and reading shards.",
        description = "%nAll with the vocabulary of GPT-2, on the same text, on all cores, the sides in turns; medians are compared, and ids must be "
                + "equal or nothing is reported (exit code 1). Measures:%n%n"
                + "  encode     text to ids, against the Rust library's batch encoding%n"
                + "  jtokkit    the same against jtokkit%n"
                + "  prepare    JSON Lines to shards, against encoding alone%n"
                + "  read       examples out of shards into a batch, against a training step of a 6 x 384 model%n"
                + "  bpe        training 30,000 merges on 100 MB, against two minutes%n%n"
                + "Use an otherwise idle machine: work beside it changes the ratios too.%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  softq benchmark data --measure encode --rounds 3",
            "  # all of them on your text; the rows as JSON too",
            "  softq benchmark data --corpus gsm8k/train.jsonl --json data.json"
        })
final class BenchmarkDataCommand implements Callable<Integer> {

    @Option(names = "--corpus", paramLabel = "FILES", description = "A file, glob or directory whose text is used; may be repeated. Without it: "
            + "made-up words as frequent as those of a language.")
    private List<String> corpus = new ArrayList<>();

    @Option(names = "--json", paramLabel = "FILE", arity = "0..1", fallbackValue = BenchmarkCommand.STANDARD_OUTPUT, description = "Print the rows as JSON "
            + "instead of a table, or write them to FILE too: [{measure, ours, peer, ratio, goal, met, ...}].")
    private Optional<Path> json = Optional.empty();

    @Option(names = "--measure", paramLabel = "NAME", description = "Only this measure; may be repeated. Without it: all.")
    private List<String> measures = new ArrayList<>();

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "7", description = "Timed rounds of each side (default ${DEFAULT-VALUE}).")
    private int rounds;

    @Mixin
    private OutputOptions replacing;

    @Spec
    private CommandSpec spec;

    private BenchmarkDataCommand() {
    }

    @Override
    public Integer call() {
        json.ifPresent(file -> replacing.output(file).reading(Inputs.NONE.andCorpus(corpus)).requireFile(BenchmarkCommand.EARLIER));
        DataBenchmark.installed().run(new DataBenchmark.Options(corpus, json, measures, rounds), BenchmarkCommand.table(json, spec),
                Terminal.progress(spec.commandLine().getErr()));
        return 0;
    }
}
