package io.softq4j.training.rows;

import io.softq4j.common.UserError;
import io.softq4j.model.EncoderDecoderTokens;
import io.softq4j.objective.Batch;
import io.softq4j.objective.BatchShape;
import io.softq4j.tokens.Example;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Rows of examples to a {@link Batch}. Masks go by position: padding that equals EOS, or an EOS that is not scored, changes nothing.
 *
 * <p>Every response is an episode, also where a conversation goes on after it, so the same responses have the same loss in one row or in several. Of an
 * example of n tokens all are inputs, except a final EOS, which needs no row of its own. Position t predicts token t+1:
 * <ul>
 * <li>m_t = 1 where token t+1 is a scored response token;
 * <li>c_t = 0 where token t+1 ends its response: it is scored and equal to the EOS id, whatever follows;
 * <li>the last token of a response that was cut off is an input, so its row's value can be bootstrapped from; it predicts nothing;
 * <li>d_t = m_t, except where V_{t+1} cannot stand for the rest of the response: the example is longer than {@code maxLength} and row t+1 is missing,
 *     or row t+1 predicts an unscored token (a response that ends without EOS in the middle of a conversation): 0.
 * </ul>
 * Rows are padded on the right: packed ones to {@code maxLength}, so that all batches of so many rows have one shape, others to the longest of their
 * batch, rounded up to a multiple of {@code bucketMultiple}. Packed examples have segment numbers of their own and positions from 0; the last
 * position of an example never has d_t = 1 with c_t = 1, so no TD residual reaches across a seam.
 *
 * <p>Examples with a baseline give batches with one, 0 at padding.
 *
 * <p>Where prompts go to an encoder, all this holds of the {@link SourceTarget#target()} alone, and the sources are rows of their own, padded likewise.
 *
 * @param eosId          the id that ends a response: EOS, or the token that ends a turn
 * @param maxLength      longest row; what an example has beyond it is left out
 * @param maxTokens      longest example in tokens, its last one included, which is no input; what it has beyond it is left out. Not for an encoder
 * @param bucketMultiple lengths of rows that are not packed are rounded up to a multiple of it, {@code maxLength} at most
 * @param packing        rows are those of {@link Packing}; else one example a row
 * @param encoderDecoder what is added to texts, where prompts go to an encoder
 */
public record Collator(int eosId, int maxLength, int maxTokens, int bucketMultiple, boolean packing, Optional<EncoderDecoderTokens> encoderDecoder) {

    /** @throws UserError if examples are to be packed for an encoder */
    public Collator {
        if (packing && encoderDecoder.isPresent()) {
            throw new UserError("packing is true, but the model has an encoder, whose prompts cannot be packed. Set training.packing=false.");
        }
    }

    /** For a model that reads prompt and response as one, as far as its rows hold them. */
    public Collator(int eosId, int maxLength, int bucketMultiple, boolean packing) {
        this(eosId, maxLength, Integer.MAX_VALUE, bucketMultiple, packing, Optional.empty());
    }

    /** What the model reads of {@code example} beside its source. */
    private Example read(Example example) {
        return encoderDecoder.isPresent() ? split(example).target() : example.length() <= maxTokens ? example
                : new Example(Arrays.copyOf(example.ids(), maxTokens), Arrays.copyOf(example.response(), maxTokens));
    }

    private SourceTarget split(Example example) {
        return SourceTarget.of(example, maxLength, encoderDecoder.get());
    }

    /** Tokens of {@code example} that the model reads, those of its source too. */
    int tokens(Example example) {
        return kept(example) + (encoderDecoder.isPresent() ? split(example).source().length : 0);
    }

    /** Number of input positions {@code example} takes before it is cut to {@code maxLength} positions. */
    public int inputs(Example example) {
        Example read = read(example);
        return read.length() - (endsInEos(encoderDecoder.isPresent() ? example : read) ? 1 : 0);
    }

    /** Whether {@code example} has more inputs than a row has room for. */
    public boolean cuts(Example example) {
        return inputs(example) > maxLength || (encoderDecoder.isPresent() ? split(example).cut() : example.length() > maxTokens);
    }

    /** Extents of the largest batch of so many rows of examples of a source. */
    public BatchShape largest(int rows, ExampleSource examples) {
        return new BatchShape(rows, longestRow(examples), encoderDecoder.isPresent() ? longestSource(examples) : 0);
    }

    /** Length T of the longest row that examples of a source can give. */
    int longestRow(ExampleSource examples) {
        int longest = packing ? maxLength : 1;
        for (long i = 0; i < examples.size() && longest < maxLength; i++) {
            if (examples.length(i) > longest) { // inputs are never more than tokens, so most examples need not be read
                longest = Math.max(longest, kept(examples.get(i)));
            }
        }
        return rowLength(longest);
    }

    private int longestSource(ExampleSource examples) {
        int longest = 1;
        for (long i = 0; i < examples.size() && longest < maxLength; i++) {
            if (examples.length(i) >= longest) {
                longest = Math.max(longest, split(examples.get(i)).source().length);
            }
        }
        return rowLength(longest);
    }

    /** Number of scored tokens of {@code example} that remain within {@code maxLength}. */
    public int scored(Example example) {
        Example read = read(example);
        int scored = 0;
        for (int t = 0; t < Math.min(maxLength, read.length() - 1); t++) {
            scored += read.response()[t + 1] ? 1 : 0;
        }
        return scored;
    }

    /** Whether the last token of {@code example} is EOS, by position. */
    public boolean endsInEos(Example example) {
        return example.length() > 0 && example.ids()[example.length() - 1] == eosId;
    }

    /**
     * Batch {@code [B, T]} of {@code rows}, in their order, each with its examples in theirs.
     *
     * @throws IllegalArgumentException if there are no rows, or several examples are together longer than {@code maxLength}
     */
    public Batch collate(List<List<Example>> rows) {
        int longest = rows.stream().mapToInt(this::length).max().orElseThrow(() -> new IllegalArgumentException("no rows"));
        if (longest > maxLength) {
            throw new IllegalArgumentException("the examples of a row have " + longest + " positions, a row has " + maxLength);
        }
        int length = rowLength(longest);
        Rows batch = new Rows(rows.size(), length, hasBaseline(rows));
        for (int row = 0; row < rows.size(); row++) {
            int at = row * length;
            for (int segment = 0; segment < rows.get(row).size(); segment++) {
                Example example = rows.get(row).get(segment);
                at = batch.put(read(example), example.baseline(), at, segment + 1);
            }
        }
        return batch.batch(encoderDecoder.isPresent() ? Optional.of(source(rows)) : Optional.empty());
    }

    /** Whether the examples have a baseline, all of them or none. */
    private boolean hasBaseline(List<List<Example>> rows) {
        boolean any = rows.stream().flatMap(List::stream).anyMatch(example -> example.baseline().length > 0);
        for (Example example : any ? rows.stream().flatMap(List::stream).toList() : List.<Example>of()) {
            if (example.baseline().length != kept(example)) {
                throw new IllegalArgumentException("an example of " + kept(example) + " positions has a baseline of "
                        + example.baseline().length + ", others of the batch have one");
            }
        }
        return any;
    }

    /** {@code n} rows in batches of {@code size}, each made when its turn comes. @param row examples of a row, from 0 */
    Iterable<Batch> batches(int n, int size, IntFunction<List<Example>> row) {
        return () -> IntStream.iterate(0, at -> at < n, at -> at + size)
                .mapToObj(at -> collate(IntStream.range(at, Math.min(at + size, n)).mapToObj(row).toList())).iterator();
    }

    /**
     * The batches of a step.
     *
     * @param first how an error names the first example
     * @throws UserError if none of them has a scored token
     */
    List<Batch> step(long step, int n, int size, IntFunction<List<Example>> row, Object first) {
        List<Batch> batches = new ArrayList<>();
        batches(n, size, row).forEach(batches::add);
        if (batches.stream().allMatch(batch -> batch.counts().responseTokens() == 0)) {
            throw new UserError("step " + (step + 1) + ": none of the examples of its " + n + " rows (first: " + first
                    + ") has a scored response token within max_length " + maxLength
                    + ". Prepare the data without such examples, or raise max_length or per_device_train_batch_size.");
        }
        return batches;
    }

    /** The sources of rows of one example each. */
    private Batch.Source source(List<List<Example>> rows) {
        List<int[]> sources = rows.stream().map(row -> split(row.get(0)).source()).toList();
        int length = rowLength(sources.stream().mapToInt(source -> source.length).max().orElseThrow());
        int[] ids = new int[rows.size() * length];
        int[] positions = new int[ids.length];
        int[] segments = new int[ids.length];
        Arrays.setAll(positions, i -> i % length);
        for (int row = 0; row < rows.size(); row++) {
            int[] source = sources.get(row);
            System.arraycopy(source, 0, ids, row * length, source.length);
            Arrays.fill(segments, row * length, row * length + source.length, 1);
        }
        return new Batch.Source(length, ids, positions, segments);
    }

    /** Number of input positions of {@code example} that remain within {@code maxLength}. */
    public int kept(Example example) {
        return Math.min(inputs(example), maxLength);
    }

    /** Length T of a batch whose longest row has {@code longest} positions, at most {@code maxLength}. */
    int rowLength(int longest) {
        int rounded = (Math.max(1, longest) + bucketMultiple - 1) / bucketMultiple * bucketMultiple;
        return packing ? maxLength : Math.min(rounded, maxLength);
    }

    private int length(List<Example> row) {
        return row.stream().mapToInt(this::kept).sum();
    }

    /** The arrays of a batch while they are filled; what is not filled is padding. */
    private final class Rows {

        private final int rows;
        private final int length;
        private final int[] inputIds;
        private final int[] positionIds;
        private final int[] segmentIds;
        private final int[] targets;
        private final float[] nllMask;
        private final float[] tdMask;
        private final float[] continues;
        private final Optional<float[]> baseline;

        Rows(int rows, int length, boolean baseline) {
            int n = Math.multiplyExact(rows, length);
            this.rows = rows;
            this.length = length;
            inputIds = new int[n];
            positionIds = new int[n];
            segmentIds = new int[n];
            targets = new int[n];
            nllMask = new float[n];
            tdMask = new float[n];
            continues = new float[n];
            this.baseline = baseline ? Optional.of(new float[n]) : Optional.empty();
            Arrays.fill(continues, 1);
        }

        /** Writes {@code example} from position {@code at} on; returns the position after it. */
        int put(Example example, float[] values, int at, int segment) {
            int n = example.length();
            int kept = Math.min(endsInEos(example) ? n - 1 : n, maxLength);
            int first = at;
            baseline.ifPresent(b -> System.arraycopy(values, 0, b, first, kept));
            for (int t = 0; t < kept; t++, at++) {
                inputIds[at] = example.ids()[t];
                positionIds[at] = t;
                segmentIds[at] = segment;
                if (t + 1 < n) {
                    boolean ends = example.response()[t + 1] && example.ids()[t + 1] == eosId;
                    boolean hasNext = t + 1 < kept && (t + 2 >= n || example.response()[t + 2]);
                    targets[at] = example.ids()[t + 1];
                    nllMask[at] = example.response()[t + 1] ? 1 : 0;
                    tdMask[at] = ends || hasNext ? nllMask[at] : 0;
                    continues[at] = ends ? 0 : 1;
                }
            }
            return at;
        }

        Batch batch(Optional<Batch.Source> source) {
            Batch batch = new Batch(rows, length, inputIds, positionIds, segmentIds, targets, nllMask, tdMask, continues, source);
            return baseline.map(batch::with).orElse(batch);
        }
    }
}
