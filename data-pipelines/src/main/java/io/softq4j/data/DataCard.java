package io.softq4j.data;

import io.softq4j.tokens.RowCounts;
import java.util.Locale;
import java.util.Map;

/** {@code data-card.md}: what was prepared, for people. */
final class DataCard {

    private final StringBuilder text = new StringBuilder();

    private DataCard() {
    }

    static String of(PreparationReport report, DataConfig data) {
        DataCard card = new DataCard();
        card.line("# Data card");
        card.line("");
        card.line("| | |");
        card.line("|---|---|");
        card.line("| prompt | " + code(data.prompt()) + " |");
        card.line("| response | " + code(data.response()) + " |");
        card.line("| tokenizer | " + (report.trained() ? "byte-level BPE trained on " + report.train().file() : "read from a file") + ", "
                + report.vocabularySize() + " ids |");
        card.line("| max_length | " + data.maxLength() + " tokens, longer rows: " + data.overLength().name().toLowerCase(Locale.ROOT) + " |");
        report.warnings().forEach(warning -> card.line("\n**Warning.** " + warning));
        report.splits().forEach(card::split);
        return card.text.toString();
    }

    private void split(SplitReport split) {
        RowCounts rows = split.rows();
        line("\n## " + split.name() + "\n");
        line("| what | how many |");
        line("|---|---|");
        line("| file | " + split.file() + ", SHA-256 " + split.sha256() + " |");
        line("| rows read | " + rows.read() + " |");
        line("| rows kept | " + rows.kept() + " |");
        line("| of these cut | " + rows.cut().count() + first(rows.cut()) + " |");
        for (Map.Entry<String, RowCounts.Rows> dropped : rows.dropped().entrySet()) {
            line("| dropped: " + DropReason.valueOf(dropped.getKey().toUpperCase(Locale.ROOT)).meaning() + " (" + dropped.getKey() + ") | "
                    + dropped.getValue().count() + first(dropped.getValue()) + " |");
        }
        line("| tokens | " + split.tokens() + " |");
        line("| scored tokens, EOS included | " + split.responseTokens() + " |");
        line("| examples that teach where a response ends | " + split.eosTrained() + " |");
        Lengths lengths = split.lengths();
        line("| tokens of a row, before any was cut or dropped | shortest " + lengths.shortest() + ", median " + lengths.median() + ", 90% "
                + lengths.p90() + ", 99% " + lengths.p99() + ", longest " + lengths.longest() + " |");
        line("\nThe first examples, decoded from their ids; what is between ⟦ and ⟧ is scored, ␃ is EOS.\n");
        for (SplitReport.Sample sample : split.samples()) {
            String marked = sample.prompt() + "⟦" + sample.response() + (sample.ends() ? "␃" : "") + "⟧";
            marked.lines().forEach(l -> line("    " + l));
            line("");
        }
    }

    private static String first(RowCounts.Rows rows) {
        return rows.count() == 0 ? "" : ", first at " + String.join(", ", rows.first());
    }

    private static String code(String template) {
        return "`" + template.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t").replace("|", "\\|") + "`";
    }

    private void line(String line) {
        text.append(line).append('\n');
    }
}
