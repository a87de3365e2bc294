package io.softq4j.evaluation.text;

import io.softq4j.common.Drafts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * BLEU (Papineni et al. 2002, "BLEU: a Method for Automatic Evaluation of Machine Translation") with the values of sacreBLEU 2.6.0: 0 to
 * 100.
 *
 * <pre>
 *   BLEU = 100 bp exp(1/N sum_{n=1..N} ln p_n),   bp = min(1, exp(1 - r / c))
 * </pre>
 *
 * <p>p_n is the share of the text's n-grams that a reference has, each at most as often as in the reference that has it most; c is the
 * number of words of the text, r that of the reference whose length is nearest, the shorter of two. Of many texts, counts and lengths are
 * added up first, so BLEU is a function of a sum of {@link #statistics}, and no mean of the texts' own.
 *
 * @param tokenize       how texts become words
 * @param smooth         what an order without a match counts
 * @param smoothValue    the number of {@code floor} and {@code add-k}; NaN for the method's own
 * @param lowercase      whether capitals do not count
 * @param effectiveOrder whether orders longer than the text are left out; for a single sentence, where they would make most values 0
 * @param maxOrder       N, at least 1
 */
public record Bleu(BleuTokenizer tokenize, BleuSmoothing smooth, double smoothValue, boolean lowercase, boolean effectiveOrder,
        int maxOrder) {

    /** The version of sacreBLEU whose values these are; signatures name it. */
    static final String VERSION = "2.6.0";
    /** What sacreBLEU takes the logarithm of zero for. */
    private static final double LOG_OF_ZERO = -9_999_999_999.0;

    public Bleu {
        Objects.requireNonNull(tokenize, "tokenize");
        Objects.requireNonNull(smooth, "smooth");
        if (maxOrder < 1) {
            throw new IllegalArgumentException("n-gram order " + maxOrder + ", must be at least 1");
        }
        if (smoothValue < 0 || Double.isInfinite(smoothValue)) {
            throw new IllegalArgumentException("smoothing value " + smoothValue + ", must be finite and at least 0");
        }
    }

    /** sacreBLEU's for a corpus: 13a, {@code exp}, capitals count, four orders. */
    public static Bleu defaults() {
        return Drafts.make(Bleu.class, Draft.class,
                b -> b.tokenize(BleuTokenizer.MTEVAL_13A).smooth(BleuSmoothing.EXP).smoothValue(Double.NaN)
                .lowercase(false).effectiveOrder(false).maxOrder(4));
    }

    /** A copy with what {@code change} sets. */
    public Bleu with(Consumer<Draft> change) {
        return Drafts.change(this, Draft.class, change);
    }

    /**
     * What a text adds to the sum: words of the text, words of the nearest reference, matches by order, n-grams of the text by order,
     * [2 + 2 N].
     *
     * @param references at least one
     */
    public double[] statistics(String text, List<String> references) {
        if (references.isEmpty()) {
            throw new IllegalArgumentException("BLEU of a text without references");
        }
        List<List<String>> texts = new ArrayList<>();
        texts.add(tokenize.tokens(text, lowercase));
        references.forEach(reference -> texts.add(tokenize.tokens(reference, lowercase)));
        NGrams ngrams = new NGrams(texts, maxOrder);
        double[] statistics = new double[2 + 2 * maxOrder];
        statistics[0] = ngrams.words(0);
        statistics[1] = nearest(ngrams);
        for (int order = 1; order <= maxOrder; order++) {
            statistics[1 + order] = matches(ngrams, order);
            statistics[1 + maxOrder + order] = ngrams.total(order, 0);
        }
        return statistics;
    }

    /** Of text 0 with all others. */
    private static int matches(NGrams ngrams, int order) {
        int[] allowed = new int[ngrams.distinct(order)];
        for (int t = 1; t < ngrams.texts(); t++) {
            int[] here = ngrams.histogram(order, t);
            for (int id = 0; id < allowed.length; id++) {
                allowed[id] = Math.max(allowed[id], here[id]);
            }
        }
        int matches = 0;
        for (int id : ngrams.ids(order, 0)) {
            if (allowed[id]-- > 0) {
                matches++;
            }
        }
        return matches;
    }

    private static int nearest(NGrams ngrams) {
        int words = ngrams.words(0);
        int nearest = ngrams.words(1);
        for (int t = 2; t < ngrams.texts(); t++) {
            int length = ngrams.words(t);
            int closer = Integer.compare(Math.abs(words - length), Math.abs(words - nearest));
            if (closer < 0 || closer == 0 && length < nearest) {
                nearest = length;
            }
        }
        return nearest;
    }

    /** BLEU of one text or of many, 0 to 100, from the sum of their {@link #statistics}. */
    public double score(double[] sum) {
        double[] matches = Arrays.copyOfRange(sum, 2, 2 + maxOrder);
        double[] totals = Arrays.copyOfRange(sum, 2 + maxOrder, 2 + 2 * maxOrder);
        if (Arrays.stream(matches).allMatch(m -> m == 0)) {
            return 0;
        }
        double value = Double.isNaN(smoothValue) ? smooth.standard() : smoothValue;
        double[] precisions = new double[maxOrder];
        double halved = 1;
        int orders = maxOrder;
        for (int n = 0; n < maxOrder; n++) {
            if (smooth == BleuSmoothing.ADD_K && n > 0) {
                matches[n] += value;
                totals[n] += value;
            }
            if (totals[n] == 0) {
                break;
            }
            if (effectiveOrder) {
                orders = n + 1;
            }
            if (matches[n] == 0 && smooth == BleuSmoothing.EXP) {
                halved *= 2;
                precisions[n] = 100 / (halved * totals[n]);
            } else if (matches[n] == 0 && smooth == BleuSmoothing.FLOOR) {
                precisions[n] = 100 * value / totals[n];
            } else {
                precisions[n] = 100 * matches[n] / totals[n];
            }
        }
        double logs = 0;
        for (int n = 0; n < orders; n++) {
            logs += precisions[n] == 0 ? LOG_OF_ZERO : Math.log(precisions[n]);
        }
        double brevity = sum[0] >= sum[1] ? 1 : Math.exp(1 - sum[1] / sum[0]);
        return brevity * Math.exp(logs / orders);
    }

    /** BLEU of a text by itself, 0 to 100. */
    public double score(String text, List<String> references) {
        return score(statistics(text, references));
    }

    /**
     * What sacreBLEU prints beside a value, so that it can be computed again: {@code
     * nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:2.6.0}.
     *
     * @param references how many each text has; 0 if that differs between texts
     */
    public String signature(int references) {
        return "nrefs:" + (references == 0 ? "var" : references) + "|case:" + (lowercase ? "lc" : "mixed") + "|eff:"
                + (effectiveOrder ? "yes" : "no")
                + "|tok:" + tokenize.id() + "|smooth:" + smooth.signature(Double.isNaN(smoothValue) ? smooth.standard() : smoothValue)
                + "|version:" + VERSION;
    }

    /** How a {@link Bleu} is made and changed, by the names of its components. */
    public interface Draft {

        /** {@link Bleu#tokenize}. */
        Draft tokenize(BleuTokenizer value);

        /** {@link Bleu#smooth}. */
        Draft smooth(BleuSmoothing value);

        /** {@link Bleu#smoothValue}. */
        Draft smoothValue(double value);

        /** {@link Bleu#lowercase}. */
        Draft lowercase(boolean value);

        /** {@link Bleu#effectiveOrder}. */
        Draft effectiveOrder(boolean value);

        /** {@link Bleu#maxOrder}. */
        Draft maxOrder(int value);
    }
}
