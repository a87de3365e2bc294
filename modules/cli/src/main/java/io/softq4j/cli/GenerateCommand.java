package io.softq4j.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.softq4j.cli.config.ConfigFile;
import io.softq4j.cli.pipeline.ModelDirectory;
import io.softq4j.cli.pipeline.Sampling;
import io.softq4j.common.AtomicFiles;
import io.softq4j.common.UserError;
import io.softq4j.data.DataConfig;
import io.softq4j.data.RenderedRecord;
import io.softq4j.evaluation.PromptSamples;
import io.softq4j.evaluation.Sample;
import io.softq4j.model.GenerationConfig;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
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
        description = "%nThe sampler is the generation section: max_new_tokens, do_sample, temperature, top_k, top_p, num_return_sequences, seed.%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  softq generate runs/iql --prompt $'Question: What is 2 + 2?\\nAnswer:'",
            "  softq generate runs/iql --prompt 'walk 2 east:' --set generation.num_return_sequences=5 --set generation.temperature=0.8",
            "  softq generate runs/iql --prompts test.jsonl --limit 100 --out samples.jsonl     rows rendered as in training"
        })
final class GenerateCommand implements Callable<Integer>, Computes {

    @Parameters(index = "0", paramLabel = "MODEL", description = "Run directory, checkpoint or model directory.")
    private Path model;

    @Mixin
    private ConfigOptions options;

    @ArgGroup(multiplicity = "1")
    private Prompts prompts;

    private static final class Prompts {
        @Option(names = {"-p", "--prompt"}, required = true, paramLabel = "TEXT", description = "The text to continue, as it is. Repeatable.")
        private List<String> texts = List.of();

        @Option(names = "--prompts", required = true, paramLabel = "FILE", description = "A corpus file, rendered as "
                + "the model's training data were.")
        private Optional<Path> file = Optional.empty();
    }

    @Option(names = "--limit", defaultValue = "0", paramLabel = "N", description = "Only the first N rows of --prompts; 0 for all.")
    private int limit;

    @Option(names = {"-o", "--out"}, paramLabel = "FILE", description = "Write JSON Lines here instead of text to the terminal.")
    private Optional<Path> out = Optional.empty();

    @Spec
    private CommandSpec spec;

    private GenerateCommand() {
    }

    @Override
    public Integer call() {
        if (limit < 0) {
            throw new UserError("--limit must be at least 0 (0 is all), was " + limit);
        }
        ModelDirectory directory = ModelDirectory.open(model);
        ConfigFile config = directory.config(options.file(), options.assignments());
        DataConfig data = config.section(DataConfig.class);
        List<RenderedRecord> records = prompts.file.map(file -> Sampling.prompts(List.of(file.toString()), data, directory.tokenizer(), limit))
                .orElseGet(this::given);
        GenerationConfig generation = config.section(GenerationConfig.class);
        List<PromptSamples> samples;
        try (Sampling sampling = new Sampling(directory, records, data, generation)) {
            samples = sampling.sample(generation, "generate");
        }
        if (out.isPresent()) {
            AtomicFiles.writeString(out.get(), jsonLines(samples));
            spec.commandLine().getOut().printf("%,d samples of %,d prompts in "
                    + "%s%n", (long) samples.size() * generation.numReturnSequences(), samples.size(),
                    out.get());
        } else {
            print(samples, spec.commandLine().getOut());
        }
        return 0;
    }

    private List<RenderedRecord> given() {
        List<RenderedRecord> records = new ArrayList<>();
        for (String text : prompts.texts) {
            records.add(new RenderedRecord(text, null, Map.of("prompt", text), "--prompt " + (records.size() + 1)));
        }
        return records;
    }

    /** Texts of several lines are set apart by an empty one. */
    private static void print(List<PromptSamples> samples, PrintWriter writer) {
        List<String> texts = new ArrayList<>();
        for (PromptSamples prompt : samples) {
            for (Sample sample : prompt.samples()) {
                texts.add(prompt.prompt() + sample.text() + (sample.ended() ? "" : " [cut off]"));
            }
        }
        String between = texts.stream().anyMatch(text -> text.contains("\n")) ? "\n\n" : "\n";
        writer.println(String.join(between, texts));
    }

    /** One object a sample: prompt, text, tokens, ended, entropy. */
    static String jsonLines(List<PromptSamples> samples) {
        ObjectMapper json = new ObjectMapper();
        StringBuilder lines = new StringBuilder();
        for (PromptSamples prompt : samples) {
            for (Sample sample : prompt.samples()) {
                Map<String, Object> row = new LinkedHashMap<>();
                row.put("prompt", prompt.prompt());
                row.put("text", sample.text());
                row.put("tokens", sample.tokens());
                row.put("ended", sample.ended());
                row.put("entropy", sample.entropy());
                try {
                    lines.append(json.writeValueAsString(row)).append('\n');
                } catch (JsonProcessingException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
        return lines.toString();
    }
}
