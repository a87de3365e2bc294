package io.softq4j.data;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.softq4j.common.Json;
import io.softq4j.common.UserError;
import io.softq4j.common.Visible;
import io.softq4j.data.row.DropReason;
import io.softq4j.tokens.store.RowCounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What was prepared: {@code data-card.md} for people, {@code data-card.json} for programs. */
public final class DataCard {

    private static final JsonMapper MAPPER = Json.records().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES).build();
    private static final int BAR = 40;

    private final StringBuilder text = new StringBuilder();

    private DataCard() {
    }

    static String markdown(PreparationReport report, DataConfig data) {
        DataCard card = new DataCard();
        card.line("# Data card");
        card.line("");
        card.line("| | |");
        card.line("|---|---|");
        card.line("| shape | " + report.shape() + (data.columns().isEmpty() ? "" : ", columns " + data.columns()) + " |");
        if (data.response() != null) {
            card.line("| prompt | " + code(data.prompt() == null ? "" : data.prompt()) + " |");
            card.line("| response | " + code(data.response()) + " |");
        }
        if (report.chatTemplate() != null) {
            card.line("| chat template | " + report.chatTemplate() + " |");
        }
        card.line("| scored | " + data.trainOn().name().toLowerCase(Locale.ROOT) + " |");
        card.line("| tokenizer | " + (report.tokenizer() == TokenizerType.TRAIN ? "byte-level BPE trained on the rows of train" : "read from a file")
                + ", " + report.vocabularySize() + " ids |");
        card.line("| max_length | " + report.maxLength() + " tokens, longer rows: " + report.overLength() + " |");
        for (PreparationReport.Source source : report.corpus()) {
            card.line("| " + source.part() + " | " + source.file() + ", SHA-256 " + source.sha256() + " |");
        }
        report.warnings().forEach(warning -> card.line("\n**Warning.** " + warning));
        report.parts().forEach(card::part);
        return card.text.toString();
    }

    private void part(SplitReport part) {
        RowCounts rows = part.rows();
        line("\n## " + part.name() + "\n");
        line("| what | how many |");
        line("|---|---|");
        line("| rows read | " + rows.read() + " |");
        line("| rows kept | " + rows.kept() + " |");
        line("| of these cut | " + rows.cut().count() + first(rows.cut()) + " |");
        for (Map.Entry<String, RowCounts.Rows> dropped : rows.dropped().entrySet()) {
            line("| dropped: " + DropReason.valueOf(dropped.getKey().toUpperCase(Locale.ROOT)).meaning() + " (" + dropped.getKey() + ") | "
                    + dropped.getValue().count() + first(dropped.getValue()) + " |");
        }
        line("| tokens | " + part.tokens() + " |");
        line("| scored tokens, EOS included | " + part.responseTokens() + " |");
        line("| examples that teach where a response ends | " + part.endsTrained() + " |");
        part.specialTokens().forEach((token, count) -> line("| special token " + code(token) + " | " + count + " |"));
        Lengths lengths = part.lengths();
        line("| tokens of a row, before any was cut or dropped | shortest " + lengths.shortest() + ", median " + lengths.median() + ", 90% "
                + lengths.p90() + ", 99% " + lengths.p99() + ", longest " + lengths.longest() + " |");
        line("");
        histogram(lengths).forEach(bar -> line("    " + bar));
        line("\nThe first examples, decoded from their ids; what is between ⟦ and ⟧ is scored.\n");
        for (TokenisedText sample : part.samples()) {
            marked(sample).lines().forEach(l -> line("    " + l));
            line("");
        }
    }

    /** A bar a line, such as {@code  10-19 ██████ 312}. */
    public static List<String> histogram(Lengths lengths) {
        long most = lengths.bins().stream().mapToLong(Lengths.Bin::count).max().orElse(1);
        int width = Integer.toString(lengths.longest()).length();
        return lengths.bins().stream().map(bin -> String.format(Locale.ROOT, "%" + width + "d-%-" + width + "d %s %,d", bin.from(), bin.to(),
                "█".repeat((int) Math.ceil((double) BAR * bin.count() / Math.max(1, most))), bin.count())).toList();
    }

    private static String marked(TokenisedText sample) {
        StringBuilder marked = new StringBuilder();
        boolean scored = false;
        for (TokenisedText.Token token : sample.tokens()) {
            if (token.scored() != scored) {
                marked.append(token.scored() ? Visible.SCORED : Visible.UNSCORED);
                scored = token.scored();
            }
            marked.append(Visible.betweenMarks(token.shown()));
        }
        return marked.append(scored ? Character.toString(Visible.UNSCORED) : "").toString();
    }

    static void write(PreparationReport report, Path file) throws IOException {
        Files.writeString(file, Json.pretty(MAPPER, report));
    }

    /** The report of a preparation; empty where there is none, or one of another version. @param file {@code data-card.json} */
    public static Optional<PreparationReport> read(Path file) {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(MAPPER.readValue(Files.readAllBytes(file), PreparationReport.class));
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UserError("cannot read " + file + ": " + e.getMessage(), e);
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
