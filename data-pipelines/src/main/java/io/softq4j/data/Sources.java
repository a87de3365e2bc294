package io.softq4j.data;

import io.softq4j.common.StoppingStrategy;
import io.softq4j.common.UserError;
import io.softq4j.data.read.CorpusFile;
import io.softq4j.data.read.CorpusFiles;
import io.softq4j.data.read.ReadOptions;
import io.softq4j.data.read.StandardInput;
import io.softq4j.data.row.Row;
import io.softq4j.data.row.RowError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of a corpus and how they are mixed.
 *
 * @param corpora    one for each entry of the configuration, in its order
 * @param weights    of each, or empty
 * @param stopping   when the mixture ends
 * @param references how rows hold several texts that would be right
 */
record Sources(List<Corpus> corpora, List<Double> weights, StoppingStrategy stopping, References references) {

    /**
     * One entry of {@code train} or {@code validation}.
     *
     * @param spec  as the user wrote it
     * @param files what it stands for
     */
    record Corpus(String spec, List<CorpusFile> files) {
    }

    private static final Logger LOG = LoggerFactory.getLogger(Sources.class);

    /** Finds the files. @throws UserError if an entry stands for none */
    static Sources find(List<String> specs, DataConfig data, List<Double> weights) {
        List<Corpus> corpora = new ArrayList<>();
        for (String spec : specs) {
            corpora.add(new Corpus(spec, CorpusFiles.find(List.of(spec), data.format())));
        }
        Map<Path, String> seen = new HashMap<>();
        for (Corpus corpus : corpora) {
            for (CorpusFile file : corpus.files()) {
                String other = seen.put(file.path().toAbsolutePath().normalize(), corpus.spec());
                if (other != null) {
                    LOG.warn("{} is read twice, for {} and for {}", file.path(), other, corpus.spec());
                }
            }
        }
        return new Sources(corpora, weights, data.stoppingStrategy(), References.of(data));
    }

    /** The same, one corpus after the other. */
    Sources inOrder() {
        return new Sources(corpora, List.of(), stopping, references);
    }

    List<CorpusFile> files() {
        return corpora.stream().flatMap(corpus -> corpus.files().stream()).toList();
    }

    /** Bytes of all files. */
    long bytes() {
        long bytes = 0;
        for (CorpusFile file : files()) {
            try {
                bytes += Files.size(file.path());
            } catch (IOException e) {
                throw new UserError("cannot read " + file.path() + ": " + e.getMessage(), e);
            }
        }
        return bytes;
    }

    /** The first row that can be read. @throws UserError if there is none, or the first cannot be read and {@code onError} is FAIL */
    Row firstRow(ReadOptions options, OnError onError) {
        RowError bad = null;
        long badRows = 0;
        try (Mixture rows = new Mixture(inOrder(), options, false)) {
            for (CorpusCursor.Read read = rows.next(); read != null; read = rows.next()) {
                if (read.row() != null) {
                    return read.row();
                }
                if (onError == OnError.FAIL) {
                    throw read.error();
                }
                bad = bad == null ? read.error() : bad;
                badRows++;
            }
        }
        throw bad == null ? noRows() : new UserError("none of the " + badRows + " rows of " + paths() + " can be read. The first: " + bad.getMessage(), bad);
    }

    UserError noRows(int corpus) {
        return new UserError(StandardInput.name(corpora.get(corpus).spec()) + " has no rows, so it cannot be mixed with the others. Is the file empty, or is its format "
                + "another one (data.format)?");
    }

    UserError noRows() {
        return new UserError(paths() + " has no rows. Is the file empty, or is its format another one (data.format)?");
    }

    /** As the user wrote them. */
    String paths() {
        return corpora.stream().map(Corpus::spec).map(StandardInput::name).collect(Collectors.joining(", "));
    }
}
