package io.softq4j.cli;

import io.softq4j.cli.config.ConfigFile;
import io.softq4j.cli.pipeline.Bar;
import io.softq4j.cli.pipeline.PreparedData;
import io.softq4j.cli.pipeline.Sections;
import io.softq4j.data.PreparationReport;
import io.softq4j.data.Progress;
import io.softq4j.data.SplitReport;
import io.softq4j.evaluation.TerminalTable;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code softq prepare}. */
@Command(name = "prepare", mixinStandardHelpOptions = true, versionProvider = Version.class,
        header = "Turns a corpus into token shards.",
        description = "%nReads JSON Lines, renders each row with the prompt and response templates of the data section, trains a "
                + "byte-level BPE tokenizer "
                + "(or takes a tokenizer.json), and writes memory-mapped shards with a response mask, a manifest and a data card.%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  softq prepare --set data.train=corpus.jsonl --out data          rows {\"prompt\": ..., \"response\": ...}",
            "  softq prepare -c configs/gsm8k.yaml --set data.train=gsm8k/train.jsonl --out data",
            "  softq prepare --set data.train=c.jsonl --set tokenizer.type=file --set tokenizer.file=model/tokenizer.json --out data"
        })
final class PrepareCommand implements Callable<Integer> {

    @Mixin
    private ConfigOptions options;

    @Option(names = {"-o", "--out"}, required = true, paramLabel = "DIR", description = "Where to; an earlier preparation there is replaced.")
    private Path out;

    @Spec
    private CommandSpec spec;

    private PrepareCommand() {
    }

    @Override
    public Integer call() {
        prepare(options.read(Sections.RUN), out, spec.commandLine().getOut());
        return 0;
    }

    /** Prepares, draws progress, prints what came of it. */
    static void prepare(ConfigFile config, Path out, PrintWriter writer) {
        PreparationReport report;
        try (StageBars bars = new StageBars()) {
            report = PreparedData.prepare(config, out, bars);
        }
        List<List<String>> rows = new ArrayList<>();
        for (SplitReport split : report.splits()) {
            rows.add(List.of(split.name(), count(split.rows().read()), count(split.rows().read() - split.rows().droppedRows()), count(split.tokens()),
                    count(split.responseTokens()), count(split.eosTrained())));
        }
        writer.println(new TerminalTable(List.of("part", "rows", "kept", "tokens", "scored", "ends trained"), rows));
        writer.printf("vocabulary %,d, in %s; samples and reasons in %s%n", report.vocabularySize(), out, out.resolve("data-card.md"));
    }

    private static String count(long n) {
        return String.format(java.util.Locale.ROOT, "%,d", n);
    }

    /** A bar for each stage. */
    private static final class StageBars implements Progress, AutoCloseable {
        private Stage stage;
        private Bar bar;

        @Override
        public void at(Stage now, long done, long total) {
            if (now != stage) {
                if (bar != null) {
                    bar.finish();
                }
                close();
                stage = now;
                bar = new Bar(now.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' '), total, now == Stage.LEARN_MERGES ? "tokens" : "bytes");
            }
            bar.at(done);
        }

        @Override
        public void close() {
            if (bar != null) {
                bar.close();
            }
        }
    }
}
