package io.softq4j.onnx;

import io.softq4j.common.UserError;
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
                .map(c -> String.format(Locale.ROOT, "batch %s: largest difference of a logit %.3g, at row %d, position %d, token %d", c.batch(),
                        c.maxDifference(), c.row(), c.position(), c.token()))
                .collect(Collectors.joining("; "));
        ParityReport.Greedy greedy = report.greedy();
        return "ONNX parity failed, so no model was written: in " + report.runtime() + " the exported file does not compute "
                + "what the trained model computes. " + cases + String.format(Locale.ROOT, "; allowed %.3g. ", report.tolerance())
                + "Greedy continuations " + (greedy.agree() ? "agree. " : "differ: " + greedy.expected() + " became " + greedy.actual() + ". ")
                + "Likely causes: the exported graph and the trained one hold different weights, or a defect of the exporter; "
                + "please report it with this message";
    }
}
