package io.softq4j.cli;

import io.softq4j.cli.terminal.Bar;
import io.softq4j.cli.terminal.DataCardText;
import io.softq4j.cli.terminal.Screen;
import io.softq4j.cli.terminal.Terminal;
import io.softq4j.common.Output;
import io.softq4j.workflow.Configuration;
import io.softq4j.workflow.PreparedData;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code softq prepare}. */
@Command(name = "prepare", mixinStandardHelpOptions = true, versionProvider = Version.class,
        header = "Turns a corpus into token shards.",
        description = "%nReads JSON Lines, JSON, CSV, TSV, Parquet and plain text, also .gz and .zst, from files, globs and directories. Knows the usual "
                + "shapes by their columns (prompt and completion, Alpaca, chat messages, ShareGPT, GSM8K, XSUM, translation, text), or renders rows with "
                + "your templates; conversations by a Hugging Face chat template. Trains a byte-level BPE tokenizer or takes a tokenizer.json. Writes "
                + "memory-mapped shards with a response mask, a manifest and a data card, which it prints: what was dropped and why, how long examples "
                + "are, what of the first ones is scored. The same again is not done again.%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  # columns say what the rows are",
            "  softq prepare --set data.train=corpus.jsonl --out data",
            "  softq prepare -c configs/gsm8k.yaml --set data.train=gsm8k/train.jsonl \\",
            "      --out data",
            "  # a model's tokenizer",
            "  softq prepare --set data.train=c.jsonl --set tokenizer.type=file \\",
            "      --set tokenizer.file=model --out data",
            "  # three rows of the chats, then one of the other file",
            "  softq prepare --out data --set \\",
            "      'data.train=[{path: chats/**/*.jsonl.gz, weight: 3}, more.parquet]'",
            "  softq prepare --set data.train=qa.csv \\",
            "      --set 'data.columns={prompt: Q, completion: A}' \\",
            "      --set data.validation_fraction=0.05 --out data",
            "  # look at what became of rows",
            "  softq inspect data 0 17"
        })
final class PrepareCommand implements Callable<Integer> {

    @Mixin
    private ConfigOptions options;

    @Option(names = {"-o", "--out"}, required = true, paramLabel = "DIR", description = "Where to; an earlier preparation there is replaced.")
    private Path out;

    @Mixin
    private OutputOptions replacing;

    @Mixin
    private JsonResults results;

    @Spec
    private CommandSpec spec;

    private PrepareCommand() {
    }

    @Override
    public Integer call() {
        PreparedData.Prepared prepared = prepare(options.configuration(), replacing.output(out), spec.commandLine().getOut());
        results.put("data", out);
        results.put("reused", prepared.reused());
        results.put("card", prepared.report());
        return 0;
    }

    /** Prepares, draws progress, prints what came of it. */
    static PreparedData.Prepared prepare(Configuration configuration, Output output, PrintWriter writer) {
        Path out = output.path();
        PreparedData.Prepared prepared = PreparedData.prepare(configuration, output, Bar::new);
        if (prepared.reused()) {
            writer.println(out + " holds exactly this preparation already; nothing was done");
        }
        Screen.printTrusted(writer, DataCardText.of(prepared.report(), Terminal.colours()) + "\n");
        writer.printf(Locale.ROOT, "vocabulary %,d, in %s; this card in %s%n",
                prepared.report().vocabularySize(), out, out.resolve("data-card.md"));
        return prepared;
    }
}
