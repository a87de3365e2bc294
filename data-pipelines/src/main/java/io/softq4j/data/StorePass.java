package io.softq4j.data;

import io.softq4j.common.UserError;
import io.softq4j.tokens.Example;
import io.softq4j.tokens.Manifest;
import io.softq4j.tokens.RowCounts;
import io.softq4j.tokens.Sha256;
import io.softq4j.tokens.TokenStoreWriter;
import io.softq4j.tokens.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.datavec.api.transform.TransformProcess;
import org.datavec.api.writable.Writable;

/** Runs the pipeline over one corpus file and writes its token store. */
final class StorePass {

    private static final int SAMPLES = 3;

    private final String name;
    private final Path file;
    private final Tokenizer tokenizer;
    private final RowTally tally;
    private final TreeMap<Integer, Long> lengths = new TreeMap<>();
    private final List<SplitReport.Sample> samples = new ArrayList<>();
    private long eosTrained;

    StorePass(String name, Path file, Tokenizer tokenizer) {
        this.name = name;
        this.file = file;
        this.tokenizer = tokenizer;
        this.tally = new RowTally(file.getFileName().toString());
    }

    /**
     * Writes the store into {@code directory}, which does not exist yet.
     *
     * @param pipelineJson what the manifest says made it
     * @param pipeline     the same, ready to run
     */
    SplitReport write(Path directory, DataConfig data, String pipelineJson, TransformProcess pipeline, LongConsumer progress) throws IOException {
        TokenStoreWriter writer = new TokenStoreWriter(Files.createDirectory(directory), tokenizer, data.examplesPerShard());
        Corpus.forEach(file, data, (row, line) -> add(pipeline.execute(row), line, writer), e -> tally.dropped(e.reason().key(), e.line()), progress);
        RowCounts rows = tally.counts();
        if (rows.read() == 0) {
            throw Records.noRows(file);
        }
        if (rows.kept() == 0) {
            throw new UserError("no row of " + file + " can be used: of " + rows.read() + " rows " + reasons(rows) + ". max_length is "
                    + data.maxLength() + (lengths.isEmpty() ? "" : ", the shortest row has " + lengths.firstKey() + " tokens, half of them have "
                    + Lengths.of(lengths).median() + " or fewer"));
        }
        Manifest manifest = writer.finish(pipelineJson, rows);
        return new SplitReport(name, file.getFileName().toString(), Sha256.of(file), rows, manifest.tokens(), manifest.responseTokens(), eosTrained,
                Lengths.of(lengths), samples);
    }

    private void add(List<Writable> output, long line, TokenStoreWriter writer) {
        lengths.merge(TokenizeTransform.tokens(output), 1L, Long::sum);
        switch (TokenizeTransform.fate(output)) {
            case TokenizeTransform.KEPT -> tally.kept();
            case TokenizeTransform.CUT -> tally.cut(line);
            default -> {
                tally.dropped(TokenizeTransform.fate(output), line);
                return;
            }
        }
        Example example = TokenizeTransform.example(output);
        writer.add(example);
        int last = example.length() - 1;
        boolean ends = example.response()[last] && example.ids()[last] == tokenizer.eosId();
        eosTrained += ends ? 1 : 0;
        if (samples.size() < SAMPLES) {
            samples.add(new SplitReport.Sample(decode(example, false), decode(example, true), ends));
        }
    }

    private String decode(Example example, boolean scored) {
        int[] at = IntStream.range(0, example.length()).filter(i -> example.response()[i] == scored).toArray();
        return tokenizer.decode(Arrays.stream(at).map(i -> example.ids()[i]).toArray());
    }

    /** Such as {@code 3 dropped as too_long (first at a.jsonl:1, a.jsonl:2)}. */
    static String reasons(RowCounts rows) {
        return rows.dropped().entrySet().stream().map(StorePass::reason).collect(Collectors.joining(", "));
    }

    private static String reason(Map.Entry<String, RowCounts.Rows> dropped) {
        return dropped.getValue().count() + " dropped as " + dropped.getKey() + " (first at " + String.join(", ", dropped.getValue().first()) + ")";
    }
}
