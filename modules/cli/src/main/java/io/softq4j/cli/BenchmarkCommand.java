package io.softq4j.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.softq4j.common.Json;
import io.softq4j.common.Output;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code softq benchmark}: the parent of what can be measured. */
@Command(name = "benchmark", mixinStandardHelpOptions = true, versionProvider = Version.class,
        header = "Measures softq4j against other programs on this machine.",
        description = "%nThe first time benchmark engine downloads what it measures against, about 230 MB.%n",
        synopsisSubcommandLabel = "WHAT",
        commandListHeading = "%nWhat:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  # training and generation against PyTorch and ONNX Runtime",
            "  softq benchmark engine",
            "  # tokenising, preparing, reading shards",
            "  softq benchmark data",
            "  # judging texts by every metric",
            "  softq benchmark metrics",
            "  softq benchmark engine --help               what exactly is measured"
        },
        subcommands = {BenchmarkEngineCommand.class, BenchmarkDataCommand.class, BenchmarkMetricsCommand.class})
final class BenchmarkCommand implements Runnable {

    /** A file that {@code --json} may replace. */
    static final Output.Earlier EARLIER = new Output.Earlier("rows by softq benchmark", BenchmarkCommand::areRows);

    /** What {@code --json} without a file stands for. */
    static final String STANDARD_OUTPUT = "/dev/stdout";

    @Spec
    private CommandSpec spec;

    private BenchmarkCommand() {
    }

    /** Where the table goes: nowhere if the rows as JSON are on standard output. */
    static PrintWriter table(Optional<Path> json, CommandSpec command) {
        return json.equals(Optional.of(Path.of(STANDARD_OUTPUT))) ? new PrintWriter(Writer.nullWriter()) : command.commandLine().getOut();
    }

    private static boolean areRows(Path file) {
        try {
            JsonNode rows = Json.STRICT.readTree(file.toFile());
            return rows.isArray() && !rows.isEmpty() && rows.get(0).has("measure") && rows.get(0).has("ours");
        } catch (IOException e) {
            return false;
        }
    }

    /** Without saying what: the help. */
    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
