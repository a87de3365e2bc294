package io.softq4j.evaluation;

/** What a sentence's BLEU does with an n-gram order that has no match (Chen and Cherry 2014, "A Systematic Comparison of Smoothing Techniques"). */
enum Smoothing {

    /**
     * NLTK's {@code method1}: 0.1 counted as matches of an order without any. An order longer than the text has one n-gram, without match, so that a
     * text shorter than the order is punished.
     */
    EPSILON {
        @Override
        double bleu(int[] matches, int[] totals, int words, int referenceWords) {
            if (matches[0] == 0) {
                return 0;
            }
            double log = 0;
            for (int i = 0; i < matches.length; i++) {
                log += Math.log((matches[i] == 0 ? 0.1 : matches[i]) / Math.max(1, totals[i]));
            }
            return brevityPenalty(words, referenceWords) * Math.exp(log / matches.length);
        }
    },

    /**
     * sacreBLEU's {@code exp} (NIST's): the i-th order without a match counts 2^-i matches. Orders longer than the text are left out
     * ({@code effective_order}, sacreBLEU's default for a sentence).
     */
    EXPONENTIAL {
        @Override
        double bleu(int[] matches, int[] totals, int words, int referenceWords) {
            if (matches[0] == 0) {
                return 0;
            }
            double log = 0;
            double matched = 1;
            int orders = 0;
            for (; orders < matches.length && totals[orders] > 0; orders++) {
                if (matches[orders] == 0) {
                    matched /= 2;
                }
                log += Math.log((matches[orders] == 0 ? matched : matches[orders]) / totals[orders]);
            }
            return brevityPenalty(words, referenceWords) * Math.exp(log / orders);
        }
    };

    /**
     * BLEU of one sentence in [0, 1], orders 1 to the length of the arrays weighted equally.
     *
     * @param matches        by order, n-grams of the sentence that the references have, each at most as often as the reference that has it most
     * @param totals         by order, n-grams of the sentence
     * @param words          words of the sentence
     * @param referenceWords words of the reference whose length is nearest; the shorter of two
     */
    abstract double bleu(int[] matches, int[] totals, int words, int referenceWords);

    private static double brevityPenalty(int words, int referenceWords) {
        return words >= referenceWords ? 1 : Math.exp(1 - (double) referenceWords / words);
    }
}
