package io.softq4j.tokens;

import java.util.List;

/**
 * A trained byte-level BPE.
 *
 * @param tokens  the spelling of each id, bytes written in {@link ByteAlphabet}, special tokens as they are
 * @param merges  in order of rank
 * @param special ids of the special tokens
 */
record BpeModel(List<String> tokens, List<Merge> merges, List<Integer> special) {

    /** {@code left} and {@code right}, adjacent, become {@code result}. */
    record Merge(int left, int right, int result) {
    }

    BpeModel {
        tokens = List.copyOf(tokens);
        merges = List.copyOf(merges);
        special = List.copyOf(special);
    }
}
