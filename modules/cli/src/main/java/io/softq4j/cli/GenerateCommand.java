package io.softq4j.cli;

import io.softq4j.cli.terminal.Bar;
import io.softq4j.cli.terminal.StopRequest;
import io.softq4j.cli.terminal.TextWriter;
import io.softq4j.common.AtomicFiles;
import io.softq4j.common.Exclusive;
import io.softq4j.common.Inputs;
import io.softq4j.common.Output;
import io.softq4j.common.UserError;
import io.softq4j.data.Prompts;
import io.softq4j.data.RenderedRecord;
import io.softq4j.generation.Completion;
import io.softq4j.workflow.Configuration;
import io.softq4j.workflow.ModelDirectory;
import io.softq4j.workflow.SampleLines;
import io.softq4j.workflow.TextGenerator;
import io.softq4j.workflow.WorkListener;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code softq generate}. */
@Command(name = "generate", mixinStandardHelpOptions = true, versionProvider = Version.class,
        header = "Continues prompts.",
        description = "%nHow is the generation section, over the model's generation_config.json, over transformers' defaults: greedy; "
                + "sampled by temperature, top_k, top_p, min_p, seed; or num_beams, length_penalty, early_stopping for a beam search; "
                + "max_new_tokens, stop_strings, num_return_sequences, repetition_penalty, batch_size. One line says what came from where.%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  softq generate runs/iql --prompt $'Question: What is 2 + 2?\\nAnswer:'",
            "  softq generate runs/iql --prompt 'walk 2 east:' \\",
            "      --set generation.num_return_sequences=5 --set generation.temperature=0.8",
            "  # rows rendered as in training",
            "  softq generate runs/iql --prompts test.jsonl --limit 100 --out samples.jsonl",
            "  # a prompt per line",
            "  softq generate runs/iql --prompts prompts.txt",
            "  grep -v '#' prompts.txt | softq generate runs/iql --prompts - --out - | jq .",
            "  softq generate runs/iql --prompt 'walk 2 east:' \\",
            "      --set 'generation={num_beams: 4, length_penalty: 0.6}'"
        })
final class GenerateCommand implements Callable<Integer>, Computes {

    @Parameters(index = "0", paramLabel = "MODEL", description = "Run directory, checkpoint or model directory.")
    private Path model;

    @Mixin
    private ConfigOptions options;

    @ArgGroup(multiplicity = "1")
    private From prompts;

    private static final class From {
        @Option(names = {"-p", "--prompt"}, required = true, paramLabel = "TEXT", description = "The text to continue, as it is. Repeatable.")
        private List<String> texts = List.of();

        @Option(names = "--prompts", required = true, paramLabel = "FILE", description = "A file of prompts, or - for standard input: text, a prompt "
                + "per line; or rows with a prompt, text, messages or the columns of the training data. Answers are not needed.")
        private Optional<Path> file = Optional.empty();
    }

    @Option(names = "--limit", defaultValue = "0", paramLabel = "N", description = "Only the first N rows of --prompts; 0 for all.")
    private int limit;

    @Option(names = {"-o", "--out"}, paramLabel = "FILE", description = "Write JSON Lines here instead of text to the terminal; - is standard output.")
    private Optional<Path> out = Optional.empty();

    @Mixin
    private OutputOptions replacing;

    @Option(names = "--logprobs", description = "With --out or --json: also the log-probability of each new token under the model itself, in nats.")
    private boolean logprobs;

    @Mixin
    private JsonResults results;

    @Spec
    private CommandSpec spec;

    private GenerateCommand() {
    }

    @Override
    public Integer call() {
        if (limit < 0) {
            throw new UserError("--limit must be at least 0 (0 is all), was " + limit);
        }
        if (logprobs && out.isEmpty() && !results.asked()) {
            throw new UserError("--logprobs are written as JSON: give a file for JSON Lines with --out FILE, or --json");
        }
        boolean printed = out.filter(OutputOptions.STANDARD::equals).isPresent();
        if (printed && results.asked()) {
            throw new UserError("--out - and --json both write to standard output. Give one of them");
        }
        Configuration configuration = options.configuration();
        if (out.isPresent() && !printed) {
            Inputs inputs = ModelDirectory.inputs(model).and(configuration.inputs()).andCorpus(prompts.file.map(Path::toString).stream().toList());
            replacing.output(out.get()).reading(inputs).requireFile(SampleLines.EARLIER);
        }
        Optional<Path> file = out.filter(path -> !printed && !Output.at(path).isStream());    // others may write into a device or a pipe meanwhile
        try (Exclusive alone = file.map(Exclusive::alone).orElse(null); TextGenerator generator = TextGenerator.open(model, configuration)) {
            return generate(generator);
        }
    }

    private int generate(TextGenerator generator) {
        Prompts given = prompts.file.map(file -> generator.prompts(file, limit)).orElseGet(() -> generator.prompts(prompts.texts));
        generator.tellSettings();
        if (out.isPresent() || results.asked()) {
            return sample(generator, given);
        }
        List<String> texts = given.records().stream().map(RenderedRecord::prompt).toList();
        TextWriter text = new TextWriter(texts, generator.settings().numReturnSequences(), spec.commandLine().getOut());
        generator.generate(given, generator.settings(), text);
        text.end();
        return 0;
    }

    /** All samples at once, or what a signal has cost. @return the exit code */
    private int sample(TextGenerator generator, Prompts given) {
        List<RenderedRecord> records = given.records();
        PrintWriter err = spec.commandLine().getErr();
        List<String> lines;
        try (StopRequest stop = StopRequest.listen("token", line -> err.println("softq: " + line))) {
            try {
                lines = lines(records, generator.generate(given, generator.settings(), "generate",
                        WorkListener.until(stop::requireGoingOn, Bar::new)));
            } catch (CancellationException e) {
                err.println("softq: stopped; " + e.getMessage() + ", and " + out.map(file -> file + " is not written").orElse("nothing is printed")
                        + ". Begin again, with --limit for fewer prompts.");
                return stop.exitCode();
            }
        }
        if (out.isEmpty()) {
            results.put("samples", lines.stream().map(JsonResults::tree).toList());
            return 0;
        }
        if (out.get().equals(OutputOptions.STANDARD)) {
            lines.forEach(spec.commandLine().getOut()::print);
            return 0;
        }
        AtomicFiles.writeString(out.get(), String.join("", lines));
        // beside samples on standard output or in a pipe such a line would be one of them
        PrintWriter summary = Output.at(out.get()).isStream() ? err : spec.commandLine().getOut();
        results.put("samples", lines.size());
        results.put("prompts", records.size());
        results.put("out", out.get());
        summary.printf(Locale.ROOT, "%,d samples of %,d prompts in %s%n", lines.size(), records.size(), out.get());
        return 0;
    }

    /** The samples as JSON Lines, one each, with its end. */
    private List<String> lines(List<RenderedRecord> records, List<List<Completion>> completions) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < records.size(); i++) {
            SampleLines.of(records.get(i), completions.get(i), logprobs).lines().forEach(line -> lines.add(line + "\n"));
        }
        return lines;
    }
}
