package io.softq4j.evaluation;

import io.softq4j.evaluation.text.Rouge;
import io.softq4j.evaluation.text.RougeScore;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * One figure of {@link Rouge}; the value of the corpus is the mean over items.
 *
 * @param kind   n-grams or subsequences
 * @param rouge  with or without a stemmer
 * @param mean   whether several references count by their mean; by the best of them otherwise
 * @param figure precision, recall or F
 */
record RougeMetric(Kind kind, Rouge rouge, boolean mean, Figure figure) implements SampleMetric {

    /** Kinds of ROUGE, by the names that rouge-score gives them. */
    enum Kind {
        ROUGE_1("rouge1", "words"), ROUGE_2("rouge2", "pairs of words"), ROUGE_L("rougeL", "longest common subsequence of words"),
        ROUGE_LSUM("rougeLsum", "longest common subsequences of lines");

        private final String key;
        private final String words;

        Kind(String key, String words) {
            this.key = key;
            this.words = words;
        }

        String key() {
            return key;
        }

        String words() {
            return words;
        }
    }

    /** What is shown of a {@link RougeScore}. */
    enum Figure {
        F("f", RougeScore::f), PRECISION("precision", RougeScore::precision), RECALL("recall", RougeScore::recall);

        private final String key;
        private final ToDoubleFunction<RougeScore> of;

        Figure(String key, ToDoubleFunction<RougeScore> of) {
            this.key = key;
            this.of = of;
        }

        String key() {
            return key;
        }
    }

    @Override
    public String name() {
        return figure == Figure.F ? kind.key : kind.key + "_" + figure.key;
    }

    @Override
    public Set<Need> needs() {
        return Set.of(Need.SAMPLES, Need.REFERENCES);
    }

    @Override
    public String signature() {
        return kind.key + "|figure:" + figure.key + "|stemmer:" + (rouge.stemmer() ? "yes" : "no") + "|refs:" + (mean ? "mean" : "best")
                + "|version:rouge-score 0.1.2";
    }

    @Override
    public double value(Item item, String text) {
        if (item.references().isEmpty()) {
            return Double.NaN;
        }
        List<RougeScore> scores = item.references().stream().map(reference -> score(reference, text)).toList();
        return figure.of.applyAsDouble(mean ? RougeScore.mean(scores) : RougeScore.best(scores));
    }

    private RougeScore score(String reference, String text) {
        return switch (kind) {
            case ROUGE_1 -> rouge.n(1, reference, text);
            case ROUGE_2 -> rouge.n(2, reference, text);
            case ROUGE_L -> rouge.l(reference, text);
            case ROUGE_LSUM -> rouge.lsum(reference, text);
        };
    }
}
