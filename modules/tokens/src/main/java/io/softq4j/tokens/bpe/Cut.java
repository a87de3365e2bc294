package io.softq4j.tokens.bpe;

/** Where text is cut into the pieces that BPE never merges across. */
interface Cut {

    /**
     * Where the piece that starts at {@code start} ends (exclusive).
     *
     * @param text  well-formed UTF-16
     * @param start less than {@code end}
     * @param end   where the text ends; no piece reaches beyond it
     */
    int next(char[] text, int start, int end);
}
