package io.softq4j.data.step;

import io.softq4j.common.UserError;
import io.softq4j.data.row.DropReason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.datavec.api.writable.Writable;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Leaves out a row that shares a run of n words with an evaluation corpus (decontamination, Brown et al. 2020, appendix C, who take n = 13). The
 * runs are held as hashes in a file beside the pipeline: 64 bits each, big-endian, in ascending order.
 */
public final class OverlapFilter extends RowFilter {

    private static final long serialVersionUID = 1;

    private final String gramsFile;
    private final int ngram;
    private transient long[] grams;

    /**
     * @param gramsFile path of the file with the evaluation corpus's runs; in the pipeline of a token store relative to the store
     * @param ngram     n
     */
    public OverlapFilter(@JsonProperty("gramsFile") String gramsFile, @JsonProperty("ngram") int ngram) {
        this.gramsFile = gramsFile;
        this.ngram = ngram;
    }

    /** Writes the runs of n words that {@code texts} have. */
    public static void writeGrams(Iterable<String> texts, int ngram, Path file) throws IOException {
        long[] all = new long[1 << 10];
        int n = 0;
        for (String text : texts) {
            long[] of = Words.grams(text, ngram);
            if (n + of.length > all.length) {
                all = Arrays.copyOf(all, Math.max(2 * all.length, n + of.length));
            }
            System.arraycopy(of, 0, all, n, of.length);
            n += of.length;
        }
        long[] distinct = Arrays.stream(all, 0, n).sorted().distinct().toArray();
        ByteBuffer bytes = ByteBuffer.allocate(8 * distinct.length);
        bytes.asLongBuffer().put(distinct);
        Files.write(file, bytes.array());
    }

    /** Reads the file. @param base what a relative path is relative to */
    public void bind(Path base) {
        Path file = base.resolve(gramsFile);
        try {
            byte[] bytes = Files.readAllBytes(file);
            grams = new long[bytes.length / 8];
            ByteBuffer.wrap(bytes).asLongBuffer().get(grams);
        } catch (IOException e) {
            throw new UserError("cannot read " + file + ", the runs of words of the evaluation corpus: " + e.getMessage()
                    + ". Prepare the data again", e);
        }
    }

    @Override
    public DropReason reason() {
        return DropReason.CONTAMINATED;
    }

    @Override
    public boolean removeExample(List<Writable> row) {
        if (grams == null) {
            bind(Path.of(""));
        }
        for (long gram : Words.grams(((SegmentsWritable) row.get(0)).text(), ngram)) {
            if (Arrays.binarySearch(grams, gram) >= 0) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof OverlapFilter f && gramsFile.equals(f.gramsFile) && ngram == f.ngram;
    }

    @Override
    public int hashCode() {
        return 31 * gramsFile.hashCode() + ngram;
    }

    @Override
    public String toString() {
        return "OverlapFilter(" + ngram + " words)";
    }
}
