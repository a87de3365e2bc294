package io.softq4j.cli.terminal;

import io.softq4j.common.Visible;
import io.softq4j.data.DataCard;
import io.softq4j.data.PreparationReport;
import io.softq4j.data.SplitReport;
import io.softq4j.data.TokenisedText;
import io.softq4j.evaluation.TerminalTable;
import io.softq4j.tokens.store.RowCounts;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A data card for the terminal. */
public final class DataCardText {

    private final PreparationReport report;
    private final boolean colour;
    private final StringBuilder text = new StringBuilder();

    private DataCardText(PreparationReport report, boolean colour) {
        this.report = report;
        this.colour = colour;
    }

    /**
     * Parts, losses, lengths, special tokens and samples.
     *
     * @param colour whether the terminal has colours; else what is scored stands between ⟦ and ⟧
     */
    public static String of(PreparationReport report, boolean colour) {
        DataCardText card = new DataCardText(report, colour);
        card.parts();
        for (SplitReport part : report.parts()) {
            card.losses(part);
        }
        card.lengths(report.parts().get(0));
        card.samples(report.parts().get(0));
        return card.text.toString();
    }

    private void parts() {
        List<List<String>> rows = new ArrayList<>();
        for (SplitReport part : report.parts()) {
            rows.add(List.of(part.name(), count(part.rows().read()), count(part.rows().kept()), count(part.rows().cut().count()), count(part.tokens()),
                    count(part.responseTokens()), count(part.endsTrained())));
        }
        text.append(new TerminalTable(List.of("part", "rows", "kept", "cut", "tokens", "scored", "ends trained"), rows)).append('\n');
    }

    private void losses(SplitReport part) {
        for (Map.Entry<String, RowCounts.Rows> dropped : part.rows().dropped().entrySet()) {
            text.append(part.name()).append(": ").append(count(dropped.getValue().count())).append(" dropped as ").append(dropped.getKey())
                    .append(", first at ").append(Visible.text(String.join(", ", dropped.getValue().first()))).append('\n');
        }
        if (part.rows().cut().count() > 0) {
            text.append(part.name()).append(": ").append(count(part.rows().cut().count())).append(" cut, first at ")
                    .append(Visible.text(String.join(", ", part.rows().cut().first()))).append('\n');
        }
    }

    private void lengths(SplitReport part) {
        text.append("\ntokens of a row for ").append(part.name()).append(" (median ").append(part.lengths().median()).append(", 99% ")
                .append(part.lengths().p99()).append(", longest ").append(part.lengths().longest()).append(")\n");
        DataCard.histogram(part.lengths()).forEach(bar -> text.append("  ").append(bar).append('\n'));
        if (!part.specialTokens().isEmpty()) {
            text.append("\nspecial tokens for ").append(part.name()).append(": ");
            List<String> counts = new ArrayList<>();
            part.specialTokens().forEach((token, n) -> counts.add(Visible.betweenMarks(token) + " " + count(n)));
            text.append(String.join(", ", counts)).append('\n');
        }
    }

    private void samples(SplitReport part) {
        text.append("\nfirst examples, ").append(colour ? TokenColours.SAMPLE + " is scored" : "between ⟦ and ⟧ is scored").append('\n');
        int index = 0;
        for (TokenisedText sample : part.samples()) {
            text.append("example ").append(index++).append(", ").append(sample.tokens().size()).append(" tokens\n")
                    .append(new TokenColours(colour).of(sample).indent(2));
        }
    }

    private static String count(long n) {
        return String.format(Locale.ROOT, "%,d", n);
    }
}
