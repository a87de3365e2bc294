package io.softq4j.tokens;

import java.util.List;

/**
 * A byte-level BPE.
 *
 * @param tokens       the spelling of each id, bytes written in {@link ByteAlphabet}, added tokens as they are
 * @param modelTokens  ids below it are the model's own; the others are only added
 * @param merges       in order of rank
 * @param added        tokens found before anything is merged
 * @param preTokenizer how text is cut
 * @param nfc          whether text is brought into Normalization Form C first
 * @param ignoreMerges whether a piece that is a token becomes it at once, whatever its merges would make of it
 * @param surrounding  what the file's post-processor puts around a text
 */
record BpeModel(List<String> tokens, int modelTokens, List<Merge> merges, List<AddedToken> added, PreTokenizer preTokenizer, boolean nfc,
                boolean ignoreMerges, Surrounding surrounding) {

    /** {@code left} and {@code right}, adjacent, become {@code result}. */
    record Merge(int left, int right, int result) {
    }

    BpeModel {
        tokens = List.copyOf(tokens);
        merges = List.copyOf(merges);
        added = List.copyOf(added);
    }
}
