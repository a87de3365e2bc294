package io.softq4j.training.rows;

import io.softq4j.common.UserError;
import io.softq4j.tokens.Example;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * One pass over all examples before the first step: what will be lost of them, and their lengths, from which rows are formed.
 *
 * @param lengths       input positions of each example after cutting; 4 bytes an example, not kept while training
 * @param tokens        all that is read of the examples: the sum of the lengths, and of those of sources
 * @param scored        scored response tokens after cutting
 * @param complete      examples that end in EOS
 * @param cut           examples longer than {@code max_length}
 * @param firstCut      indices of the first of them
 * @param unscored      examples without a scored token
 * @param firstUnscored indices of the first of them
 */
public record DataScan(int[] lengths, long tokens, long scored, long complete, long cut, List<Long> firstCut, long unscored, List<Long> firstUnscored) {

    private static final int NAMED = 5;

    /**
     * Reads every example once.
     *
     * @param what how an error names the examples, such as {@code training data}
     * @throws UserError if there is no example, none with a scored token, or more than an array of lengths holds
     */
    public static DataScan of(ExampleSource source, Collator collator, String what) {
        int[] lengths = new int[size(source, what)];
        long tokens = 0;
        long scored = 0;
        long complete = 0;
        long cut = 0;
        long unscored = 0;
        List<Long> firstCut = new ArrayList<>();
        List<Long> firstUnscored = new ArrayList<>();
        for (int i = 0; i < lengths.length; i++) {
            Example example = source.get(i);
            int scoredHere = collator.scored(example);
            lengths[i] = collator.kept(example);
            tokens += collator.tokens(example);
            scored += scoredHere;
            complete += collator.endsInEos(example) ? 1 : 0;
            if (collator.cuts(example) && ++cut <= NAMED) {
                firstCut.add((long) i);
            }
            if (scoredHere == 0 && ++unscored <= NAMED) {
                firstUnscored.add((long) i);
            }
        }
        if (scored == 0) {
            throw new UserError("none of the " + source.size() + " examples of the " + what + " has a scored response token within max_length "
                    + collator.maxLength() + ". Likely cause: prompts longer than max_length, or a wrong response field."
                    + " Raise max_length or prepare again.");
        }
        return new DataScan(lengths, tokens, scored, complete, cut, List.copyOf(firstCut), unscored, List.copyOf(firstUnscored));
    }

    /** The scanned examples in rows. */
    ExampleRows rows(ExampleSource examples, RowSettings settings) {
        return new ExampleRows(examples, RowLayout.of(lengths, settings.packing(), settings.maxLength()));
    }

    /** The use of so many rows that hold them all. */
    SlotUse.Packed packed(long rows, RowSettings settings) {
        return new SlotUse.Packed(lengths.length, rows, settings.maxLength(), positions());
    }

    /** What packing would use; empty if it cannot be. */
    Optional<SlotUse.Packed> ifPacked(Collator collator, RowSettings settings) {
        return collator.encoderDecoder().isPresent() ? Optional.empty()
                : Optional.of(packed(Packing.of(lengths, settings.maxLength()).rows(), settings));
    }

    /** The sum of the lengths. */
    long positions() {
        return Arrays.stream(lengths).asLongStream().sum();
    }

    private static int size(ExampleSource source, String what) {
        if (source.size() == 0) {
            throw new UserError("the " + what + " has no examples. Prepare it again and look at the counts it reports.");
        }
        int most = Integer.MAX_VALUE - 8; // of a Java array
        if (source.size() > most) {
            throw new UserError("the " + what + " has " + source.size() + " examples, a run takes " + most + " at most: it holds their lengths in one"
                    + " array. Prepare fewer, or train on the parts one after the other.");
        }
        return (int) source.size();
    }

    /** The summary of a run that goes through its epochs with this {@code use} of slots. */
    public DataSummary summary(SlotUse use) {
        return new DataSummary(lengths.length, tokens, scored, complete, cut, firstCut, unscored, firstUnscored, use);
    }
}
