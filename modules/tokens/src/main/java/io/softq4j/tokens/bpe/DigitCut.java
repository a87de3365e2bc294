package io.softq4j.tokens.bpe;

import io.softq4j.tokens.CharClass;

/**
 * Digits apart from all else, and what lies between cut as by {@link PreTokenizer#GPT2}: the pre-tokenizers Digits and ByteLevel, one after
 * the other, as StarCoder and SmolLM have them.
 *
 * @param each whether each digit is a piece, else they stay together
 */
record DigitCut(boolean each) implements Cut {

    @Override
    public int next(char[] text, int start, int end) {
        if ((CharClass.at(text, start) & CharClass.DIGIT) != 0) {
            return each ? start + CharClass.width(text, start) : PreTokenizer.GPT2.next(text, start, CharClass.run(text, start, end,
                    CharClass.DIGIT));
        }
        int stop = PreTokenizer.GPT2.next(text, start, end);
        // white space looks one character beyond the space it leaves to what follows
        int seen = Math.min(end, stop + 2);
        for (int i = start; i < seen; i += CharClass.width(text, i)) {
            if ((CharClass.at(text, i) & CharClass.DIGIT) != 0) {
                return PreTokenizer.GPT2.next(text, start, i);
            }
        }
        return stop;
    }
}
