package io.softq4j.onnx;

import io.softq4j.common.UserError;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The exported file does not compute what the graph computes; nothing was written. */
public final class ParityFailure extends UserError {

    private final transient ParityReport report;

    ParityFailure(ParityReport report) {
        super(message(report));
        this.report = report;
    }

    public ParityReport report() {
        return report;
    }

    private static String message(ParityReport report) {
        String cases = report.cases().stream()
                .map(c -> String.format(Locale.ROOT, "batch %s: largest difference of a logit %.3g, at row %d, position %d, token %d; KL "
                + "%.3g; likeliest "
                        + "token equal at %d of %d positions", c.batch(), c.maxDifference(), c.row(), c.position(), c.token(), c.kl(),
                        c.argmaxEqual(),
                        c.positions()))
                .collect(Collectors.joining("; "));
        ParityReport.Greedy greedy = report.greedy();
        return "ONNX parity failed, so no model was written: in " + report.runtime() + " the exported file does not compute "
                + "what the trained model computes. " + weights(report.wrongWeights()) + cases
                + String.format(Locale.ROOT, "; allowed are a difference of %.3g and a KL of %.3g, where rounding changes logits of up to "
                + "%.3g by %.3g. ",
                        report.tolerance(), report.klTolerance(), report.largestLogit(), report.noise())
                + "Greedy continuations " + (greedy.agree() ? "agree. " : "differ: " + greedy.expected() + " became " + greedy.actual()
                + ". ")
                + "Likely causes: the exported graph and the trained one hold different weights, or a defect of the exporter; "
                + "please report it with this message";
    }

    private static String weights(List<String> wrong) {
        return wrong.isEmpty() ? "" : wrong.size() + " of its tensors are not the trained ones, " + wrong.get(0) + " first. ";
    }
}
