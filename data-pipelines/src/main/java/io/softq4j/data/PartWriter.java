package io.softq4j.data;

import io.softq4j.data.step.TokenizeTransform;
import io.softq4j.tokens.Example;
import io.softq4j.tokens.Tokenizer;
import io.softq4j.tokens.store.Manifest;
import io.softq4j.tokens.store.RowCounts;
import io.softq4j.tokens.store.TokenStoreWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.datavec.api.writable.Writable;

/** Writes the token store of one part and counts what goes into it. */
final class PartWriter {

    private static final int SAMPLES = 5;

    private final String part;
    private final Tokenizer tokenizer;
    private final int endId;
    private final TokenStoreWriter writer;
    private final RowTally tally = new RowTally();
    private final LengthCounts lengths = new LengthCounts();
    private final List<TokenisedText> samples = new ArrayList<>();
    private final long[] uses;
    private long endsTrained;

    /** @param part its name @param directory of the store, which does not exist yet */
    PartWriter(String part, Path directory, Tokenizer tokenizer, int endId, int examplesPerShard) throws IOException {
        this.part = part;
        this.tokenizer = tokenizer;
        this.endId = endId;
        this.writer = new TokenStoreWriter(Files.createDirectory(directory), tokenizer, endId, examplesPerShard);
        this.uses = new long[tokenizer.vocabularySize()];
    }

    void dropped(String reason, Supplier<String> where) {
        tally.dropped(reason, where);
    }

    /** Takes what {@link TokenizeTransform} made of a row. */
    void add(List<Writable> output, Supplier<String> where) {
        lengths.add(TokenizeTransform.tokens(output));
        switch (TokenizeTransform.fate(output)) {
            case TokenizeTransform.KEPT -> tally.kept();
            case TokenizeTransform.CUT -> tally.cut(where);
            default -> {
                tally.dropped(TokenizeTransform.fate(output), where);
                return;
            }
        }
        Example example = TokenizeTransform.example(output);
        writer.add(example);
        for (int id : example.ids()) {
            uses[id]++;
        }
        endsTrained += endIsScored(example) ? 1 : 0;
        if (samples.size() < SAMPLES) {
            samples.add(TokenisedText.of(example, tokenizer));
        }
    }

    private boolean endIsScored(Example example) {
        for (int i = 0; i < example.length(); i++) {
            if (example.response()[i] && example.ids()[i] == endId) {
                return true;
            }
        }
        return false;
    }

    String part() {
        return part;
    }

    RowCounts counts() {
        return tally.counts();
    }

    /** Empty where no row was tokenised. */
    TreeMap<Integer, Long> lengths() {
        return lengths.histogram();
    }

    /** Finishes the store. */
    SplitReport finish(String pipelineJson) {
        RowCounts rows = tally.counts();
        Manifest manifest = writer.finish(pipelineJson, rows);
        return new SplitReport(part, rows, manifest.tokens(), manifest.responseTokens(), endsTrained, Lengths.of(lengths.histogram()), special(), samples);
    }

    private Map<String, Long> special() {
        Map<String, Long> counts = new LinkedHashMap<>();
        for (int id = 0; id < uses.length; id++) {
            if (uses[id] > 0 && tokenizer.decode(new int[] {id}).isEmpty() && !tokenizer.tokenText(id).isBlank()) {
                counts.put(tokenizer.tokenText(id), uses[id]);
            }
        }
        return counts;
    }

    /** Such as {@code 3 dropped as too_long (first at a.jsonl:1, a.jsonl:2)}. */
    static String reasons(RowCounts rows) {
        return rows.dropped().entrySet().stream().map(PartWriter::reason).collect(Collectors.joining(", "));
    }

    private static String reason(Map.Entry<String, RowCounts.Rows> dropped) {
        return dropped.getValue().count() + " dropped as " + dropped.getKey() + " (first at " + String.join(", ", dropped.getValue().first()) + ")";
    }
}
