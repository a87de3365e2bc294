package io.softq4j.objective;

import java.util.Optional;

/**
 * A batch is rows of tokens with everything that an objective needs to know about each position. All arrays are row-major {@code [B, T]},
 * flattened.
 *
 * <p>Position {@code t} holds token {@code inputIds[t]}; the logits of that position predict {@code targets[t]}, the action of
 * state {@code s_t}. Every token of an example is an input, the last one too unless it is EOS, so that a response that was cut off
 * has a next row whose value it can bootstrap from.
 *
 * @param rows         B
 * @param length       T
 * @param inputIds     token ids; anything at padding
 * @param positionIds  position of the token in its own example, from 0; restarts at each packed example
 * @param segmentIds   the {@code attention_mask} of the model: 0 at padding, else the number of the packed example in its row, from 1.
 *                     A token attends to the tokens of its own segment at positions up to its own
 * @param targets      the token to predict; anything where {@code nllMask} is 0
 * @param nllMask      m_t: 1 where the target is a scored response token (EOS included), else 0
 * @param tdMask       d_t: 1 where the squared TD residual counts; {@code nllMask} unless the next row is missing
 * @param continues    c_t: 0 where the target ends the episode (EOS, or what ends a turn), else 1
 * @param source       what the encoder reads, where the model has one
 * @param baseline     b_t: what an objective takes from the logits of each row before it reads them as values; empty where none is known
 */
public record Batch(int rows, int length, int[] inputIds, int[] positionIds, int[] segmentIds, int[] targets,
                    float[] nllMask, float[] tdMask, float[] continues, Optional<Source> source, Optional<float[]> baseline) {

    /**
     * Rows of tokens that an encoder reads, {@code [B, S]}, flattened.
     *
     * @param length      S
     * @param inputIds    token ids; anything at padding
     * @param positionIds position of the token in its own text, from 0
     * @param segmentIds  0 at padding, else the number of the example in its row: that whose tokens read this one
     */
    public record Source(int length, int[] inputIds, int[] positionIds, int[] segmentIds) {
    }

    public Batch {
        int n = Math.multiplyExact(rows, length);
        requireExtent("inputIds", inputIds.length, n);
        requireExtent("positionIds", positionIds.length, n);
        requireExtent("segmentIds", segmentIds.length, n);
        requireExtent("targets", targets.length, n);
        requireExtent("nllMask", nllMask.length, n);
        requireExtent("tdMask", tdMask.length, n);
        requireExtent("continues", continues.length, n);
        baseline.ifPresent(b -> requireExtent("baseline", b.length, n));
        source.ifPresent(s -> {
            int m = Math.multiplyExact(rows, s.length());
            requireExtent("source inputIds", s.inputIds().length, m);
            requireExtent("source positionIds", s.positionIds().length, m);
            requireExtent("source segmentIds", s.segmentIds().length, m);
        });
        for (int i = 0; i < n; i++) {
            boolean lastOfSegment = (i + 1) % length == 0 || segmentIds[i + 1] != segmentIds[i];
            if (tdMask[i] != 0 && continues[i] != 0 && lastOfSegment) {
                throw new IllegalArgumentException("row " + i / length + ", position " + i % length + ": tdMask and continues are 1, but the "
                        + "segment ends there and has no next value; where a response is cut off tdMask must be 0");
            }
        }
    }

    /** Without a baseline. */
    public Batch(int rows, int length, int[] inputIds, int[] positionIds, int[] segmentIds, int[] targets, float[] nllMask, float[] tdMask,
                 float[] continues, Optional<Source> source) {
        this(rows, length, inputIds, positionIds, segmentIds, targets, nllMask, tdMask, continues, source, Optional.empty());
    }

    /** The same rows with a baseline. @param values b_t of each position, {@code [B, T]} */
    public Batch with(float[] values) {
        return new Batch(rows, length, inputIds, positionIds, segmentIds, targets, nllMask, tdMask, continues, source, Optional.of(values));
    }

    /** For a model that reads these rows alone. */
    public Batch(int rows, int length, int[] inputIds, int[] positionIds, int[] segmentIds, int[] targets, float[] nllMask, float[] tdMask,
                 float[] continues) {
        this(rows, length, inputIds, positionIds, segmentIds, targets, nllMask, tdMask, continues, Optional.empty());
    }

    private static void requireExtent(String name, int seen, int expected) {
        if (seen != expected) {
            throw new IllegalArgumentException(name + " has " + seen + " elements, rows x length is " + expected);
        }
    }

    /** Its extents. */
    public BatchShape shape() {
        return new BatchShape(rows, length, source.map(Source::length).orElse(0));
    }

    /** Number of positions that hold a token of an example, prompt included. */
    public int tokens() {
        return tokens(segmentIds) + source.map(s -> tokens(s.segmentIds())).orElse(0);
    }

    private static int tokens(int[] segments) {
        int n = 0;
        for (int segment : segments) {
            n += segment != 0 ? 1 : 0;
        }
        return n;
    }

    /** This batch's own denominators; add them up over micro-batches before the first is run. */
    public Counts counts() {
        return new Counts(ones(nllMask), ones(tdMask));
    }

    private static long ones(float[] mask) {
        long n = 0;
        for (float m : mask) {
            n += m != 0 ? 1 : 0;
        }
        return n;
    }
}
