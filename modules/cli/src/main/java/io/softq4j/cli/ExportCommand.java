package io.softq4j.cli;

import io.softq4j.onnx.ParityReport;
import io.softq4j.workflow.Export;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code softq export}. */
@Command(name = "export", mixinStandardHelpOptions = true, versionProvider = Version.class,
        header = "Writes a model as ONNX, if ONNX Runtime then computes the same.",
        description = "%nInputs input_ids, attention_mask and position_ids, int64 [batch, sequence]; output logits, float32 [batch, "
                + "sequence, vocabulary]; both "
                + "extents are open. The export is run by ONNX Runtime on several batches and lengths, padded on either side, against "
                + "the trained graph: "
                + "it is kept only if every weight is the trained one, bit for bit, if logits differ by no more than 16 times what a change of the "
                + "last bit of the weights does to them, and if the likeliest tokens and greedy decoding are the same. Otherwise nothing is left and the "
                + "exit code is not 0.%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  # onnx/model.onnx, config.json, tokenizer.json, parity.json",
            "  softq export runs/iql --out onnx"
        })
final class ExportCommand implements Callable<Integer>, Computes {

    @Parameters(index = "0", paramLabel = "MODEL", description = "Run directory, checkpoint or model directory.")
    private Path model;

    @Option(names = {"-o", "--out"}, required = true, paramLabel = "DIR", description = "Where to; an earlier export there is replaced.")
    private Path out;

    @Mixin
    private OutputOptions replacing;

    @Mixin
    private JsonResults results;

    @Spec
    private CommandSpec spec;

    private ExportCommand() {
    }

    @Override
    public Integer call() {
        ParityReport report = Export.run(model, replacing.output(out));
        results.put("model", out.resolve("model.onnx"));
        results.put("parity", report);
        spec.commandLine().getOut().printf(Locale.ROOT, "%s: logits of up to %.1f agree with %s within %.1e; rounding alone changes them by %.1e, allowed "
                + "are %.1e. KL divergence %.1e (allowed %.1e); likeliest tokens and greedy decoding are the same%n", out.resolve("model.onnx"),
                report.largestLogit(), report.runtime(), report.maxDifference(), report.noise(), report.tolerance(), report.maxKl(),
                report.klTolerance());
        return 0;
    }
}
