package io.softq4j.tokens.bpe;

import io.softq4j.tokens.AddedToken;
import io.softq4j.tokens.Surrounding;
import java.util.List;
import java.util.OptionalInt;

/**
 * A byte-level BPE.
 *
 * @param tokens       the spelling of each id, bytes written in {@link ByteAlphabet}, added tokens as they are
 * @param modelTokens  ids below it are the model's own; the others are only added
 * @param merges       in order of rank
 * @param added        tokens found before anything is merged
 * @param cut          how text is cut
 * @param nfc          whether text is brought into Normalization Form C first
 * @param ignoreMerges whether a piece that is a token becomes it at once, whatever its merges would make of it
 * @param unknown      what becomes of a byte that has no token
 * @param surrounding  what the file's post-processor puts around a text
 */
public record BpeModel(List<String> tokens, int modelTokens, List<Merge> merges, List<AddedToken> added, Cut cut, boolean nfc,
                boolean ignoreMerges, Unknown unknown, Surrounding surrounding) {

    /** {@code left} and {@code right}, adjacent, become {@code result}. */
    record Merge(int left, int right, int result) {
    }

    /**
     * What stands for a byte that has no token.
     *
     * @param id    stands for it; without one the byte is left out
     * @param fused whether one stands for several in a row
     */
    record Unknown(OptionalInt id, boolean fused) {
        static final Unknown LEFT_OUT = new Unknown(OptionalInt.empty(), false);
    }

    public BpeModel {
        tokens = List.copyOf(tokens);
        merges = List.copyOf(merges);
        added = List.copyOf(added);
    }
}
