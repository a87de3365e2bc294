package io.softq4j.evaluation.text;

import io.softq4j.common.Drafts;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * chrF (Popović 2015, "chrF: character n-gram F-score for automatic MT evaluation") and chrF++ (Popović 2017, with n-grams of words) with
 * the values of sacreBLEU 2.6.0: 0 to 100.
 *
 * <pre>
 *   chrF = 100 (1 + beta^2) P R / (beta^2 P + R)
 * </pre>
 *
 * <p>P and R are means over the orders of characters and of words, each the share of n-grams that both sides have; orders longer than a
 * side are left out. Of several references the one with the highest value counts, of several texts the counts are added up first.
 *
 * @param charOrder    longest n-gram of characters, at least 1
 * @param wordOrder    longest n-gram of words; 0 is chrF, 2 is chrF++
 * @param beta         how many times recall weighs as much as precision
 * @param lowercase    whether capitals do not count
 * @param whitespace   whether n-grams of characters may hold white space; it is left out otherwise
 * @param epsSmoothing a mean of the F of each order, of which one without matches is 1e-16, as in chrF++.py, in NLTK and in Moses
 */
public record Chrf(int charOrder, int wordOrder, int beta, boolean lowercase, boolean whitespace, boolean epsSmoothing) {

    private static final double EPSILON = 1e-16;
    private static final String PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

    public Chrf {
        if (charOrder < 1 || wordOrder < 0 || beta < 1) {
            throw new IllegalArgumentException("chrF of character order " + charOrder + ", word order " + wordOrder + ", beta " + beta
                    + ": needs at least 1, 0 and 1");
        }
    }

    /** chrF2: six orders of characters, none of words, beta 2. */
    public static Chrf defaults() {
        return Drafts.make(Chrf.class, Draft.class,
                c -> c.charOrder(6).wordOrder(0).beta(2).lowercase(false).whitespace(false).epsSmoothing(false));
    }

    /** chrF2++: {@link #defaults} with words and pairs of words. */
    public static Chrf plusPlus() {
        return defaults().with(c -> c.wordOrder(2));
    }

    /** A copy with what {@code change} sets. */
    public Chrf with(Consumer<Draft> change) {
        return Drafts.change(this, Draft.class, change);
    }

    /**
     * What a text adds to the sum, by the reference that gives it the highest value, the first of equals: for each order, characters first,
     * the text's n-grams, the reference's and those of both, [3 (charOrder + wordOrder)].
     *
     * @param references at least one
     */
    public double[] statistics(String text, List<String> references) {
        if (references.isEmpty()) {
            throw new IllegalArgumentException("chrF of a text without references");
        }
        List<String> texts = new ArrayList<>();
        texts.add(cased(text));
        references.forEach(reference -> texts.add(cased(reference)));
        NGrams characters = new NGrams(texts.stream().map(this::characters).toArray(int[][]::new), charOrder);
        NGrams words = wordOrder == 0 ? null : new NGrams(texts.stream().map(Chrf::words).toList(), wordOrder);
        double[] best = null;
        double bestScore = -1;
        for (int t = 1; t < texts.size(); t++) {
            double[] statistics = new double[3 * (charOrder + wordOrder)];
            for (int order = 1; order <= charOrder; order++) {
                count(characters, order, t, statistics, 3 * (order - 1));
            }
            for (int order = 1; order <= wordOrder; order++) {
                count(words, order, t, statistics, 3 * (charOrder + order - 1));
            }
            double score = score(statistics);
            if (score > bestScore) {
                bestScore = score;
                best = statistics;
            }
        }
        return best;
    }

    private static void count(NGrams ngrams, int order, int reference, double[] into, int at) {
        into[at + 1] = ngrams.total(order, reference);
        into[at] = into[at + 1] == 0 ? 0 : ngrams.total(order, 0); // no hits are missed where there is nothing to hit
        into[at + 2] = ngrams.matches(order, 0, reference);
    }

    private String cased(String text) {
        return lowercase ? SmallLetters.of(text) : text;
    }

    private int[] characters(String text) {
        return text.codePoints().filter(c -> whitespace || !Whitespace.is(c)).toArray();
    }

    /** Words by white space, one mark of punctuation split off: the last, or else the first. */
    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        for (String word : Whitespace.split(text)) {
            int last = word.length() - 1;
            if (last > 0 && PUNCTUATION.indexOf(word.charAt(last)) >= 0) {
                words.add(word.substring(0, last));
                words.add(word.substring(last));
            } else if (last > 0 && PUNCTUATION.indexOf(word.charAt(0)) >= 0) {
                words.add(word.substring(0, 1));
                words.add(word.substring(1));
            } else {
                words.add(word);
            }
        }
        return words;
    }

    /** chrF of one text or of many, 0 to 100, from the sum of their {@link #statistics}. */
    public double score(double[] sum) {
        double factor = (double) beta * beta;
        double smoothed = 0;
        double precision = 0;
        double recall = 0;
        int orders = 0;
        for (int i = 0; i < charOrder + wordOrder; i++) {
            double inText = sum[3 * i];
            double inReference = sum[3 * i + 1];
            double p = inText > 0 ? sum[3 * i + 2] / inText : EPSILON;
            double r = inReference > 0 ? sum[3 * i + 2] / inReference : EPSILON;
            double denominator = factor * p + r;
            smoothed += denominator > 0 ? (1 + factor) * p * r / denominator : EPSILON;
            if (inText > 0 && inReference > 0) {
                precision += p;
                recall += r;
                orders++;
            }
        }
        if (epsSmoothing) {
            return 100 * smoothed / (charOrder + wordOrder);
        }
        if (precision + recall == 0) {
            return 0;
        }
        precision /= orders;
        recall /= orders;
        return 100 * (1 + factor) * precision * recall / (factor * precision + recall);
    }

    /** chrF of a text by itself, 0 to 100. */
    public double score(String text, List<String> references) {
        return score(statistics(text, references));
    }

    /**
     * What sacreBLEU prints beside a value, so that it can be computed again: {@code
     * nrefs:1|case:mixed|eff:yes|nc:6|nw:0|space:no|version:2.6.0}.
     *
     * @param references how many each text has; 0 if that differs between texts
     */
    public String signature(int references) {
        return "nrefs:" + (references == 0 ? "var" : references) + "|case:" + (lowercase ? "lc" : "mixed") + "|eff:"
                + (epsSmoothing ? "no" : "yes")
                + "|nc:" + charOrder + "|nw:" + wordOrder + "|space:" + (whitespace ? "yes" : "no") + "|version:" + Bleu.VERSION;
    }

    /** How a {@link Chrf} is made and changed, by the names of its components. */
    public interface Draft {

        /** {@link Chrf#charOrder}. */
        Draft charOrder(int value);

        /** {@link Chrf#wordOrder}. */
        Draft wordOrder(int value);

        /** {@link Chrf#beta}. */
        Draft beta(int value);

        /** {@link Chrf#lowercase}. */
        Draft lowercase(boolean value);

        /** {@link Chrf#whitespace}. */
        Draft whitespace(boolean value);

        /** {@link Chrf#epsSmoothing}. */
        Draft epsSmoothing(boolean value);
    }
}
