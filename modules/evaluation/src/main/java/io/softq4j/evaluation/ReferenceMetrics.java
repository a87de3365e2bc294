package io.softq4j.evaluation;

import io.softq4j.evaluation.text.Bleu;
import io.softq4j.evaluation.text.BleuSmoothing;
import io.softq4j.evaluation.text.BleuTokenizer;
import io.softq4j.evaluation.text.Chrf;
import io.softq4j.evaluation.text.Rouge;
import io.softq4j.evaluation.text.SquadAnswer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** How near samples come to references, under the names and options of the tools whose values they are. */
final class ReferenceMetrics {

    private static final String ROUGE_OPTIONS = "stemmer: false, references: best (or mean), figures: f (or precision, recall, all)";

    private ReferenceMetrics() {
    }

    static MetricFamily bleu() {
        return new MetricFamily("bleu", "n-grams that a reference has, of the corpus; 0 to 100", "sacreBLEU 2.6.0",
                "tokenize: 13a (or intl, char, none), smooth_method: exp (or floor, add-k, none), smooth_value, lowercase: false, "
                + "effective_order: false, max_ngram_order: 4", options -> {
                    Bleu bleu = bleu(options);
                    Bleu ofFew = bleu.with(b -> b.effectiveOrder(true));
                    return List.of(new SummedMetric("bleu", bleu::statistics, bleu::score, ofFew::score, bleu::signature));
                });
    }

    private static Bleu bleu(MetricOptions options) {
        options.requireAmong("tokenize", "smooth_method", "smooth_value", "lowercase", "effective_order", "max_ngram_order");
        BleuTokenizer tokenizer = BleuTokenizer.of(options.choice("tokenize", "13a",
                Stream.of(BleuTokenizer.values()).map(BleuTokenizer::id)
                .toArray(String[]::new))).orElseThrow();
        BleuSmoothing smoothing = BleuSmoothing.of(options.choice("smooth_method", "exp",
                Stream.of(BleuSmoothing.values()).map(BleuSmoothing::id)
                .toArray(String[]::new))).orElseThrow();
        double value = Double.isNaN(smoothing.standard()) ? Double.NaN : options.decimal("smooth_value", smoothing.standard(), 0);
        boolean lowercase = options.flag("lowercase", false);
        boolean effectiveOrder = options.flag("effective_order", false);
        int order = options.number("max_ngram_order", 4, 1);
        return Bleu.defaults().with(b -> b.tokenize(tokenizer).smooth(smoothing).smoothValue(value).lowercase(lowercase).effectiveOrder(effectiveOrder)
                .maxOrder(order));
    }

    static MetricFamily chrf(String name, int wordOrder) {
        return new MetricFamily(name, "n-grams of characters" + (wordOrder > 0 ? " and words" : "")
                + " in common with a reference; 0 to 100",
                "sacreBLEU 2.6.0", "char_order: 6, word_order: " + wordOrder
                + ", beta: 2, lowercase: false, whitespace: false, eps_smoothing: false",
                options -> {
                    int characters = options.number("char_order", 6, 1);
                    int words = options.number("word_order", wordOrder, 0);
                    int beta = options.number("beta", 2, 1);
                    boolean lowercase = options.flag("lowercase", false);
                    boolean whitespace = options.flag("whitespace", false);
                    boolean epsilon = options.flag("eps_smoothing", false);
                    Chrf chrf = Chrf.defaults().with(c -> c.charOrder(characters).wordOrder(words).beta(beta).lowercase(lowercase).whitespace(whitespace)
                            .epsSmoothing(epsilon));
                    return List.of(new SummedMetric(name, chrf::statistics, chrf::score, chrf::score, chrf::signature));
                });
    }

    /** All kinds together. */
    static MetricFamily rouge() {
        return rouge("rouge", "rouge1, rouge2, rougeL and rougeLsum", List.of(RougeMetric.Kind.values()));
    }

    static MetricFamily rouge(RougeMetric.Kind kind) {
        return rouge(kind.key(), kind.words() + " in common with a reference; 0 to 1", List.of(kind));
    }

    private static MetricFamily rouge(String name, String summary, List<RougeMetric.Kind> kinds) {
        return new MetricFamily(name, summary, "rouge-score 0.1.2", ROUGE_OPTIONS, options -> {
            Rouge rouge = new Rouge(options.flag("stemmer", false));
            boolean mean = options.choice("references", "best", "best", "mean").equals("mean");
            String figures = options.choice("figures", "f", "f", "precision", "recall", "all");
            List<Metric> metrics = new ArrayList<>();
            for (RougeMetric.Kind kind : kinds) {
                Stream.of(RougeMetric.Figure.values()).filter(figure -> figures.equals("all") || figures.equals(figure.key()))
                        .forEach(figure -> metrics.add(new RougeMetric(kind, rouge, mean, figure)));
            }
            return metrics;
        });
    }

    static MetricFamily exactMatch() {
        return new MetricFamily("exact_match", "share of samples that equal a reference, by SQuAD's normal form; 0 to 1",
                "SQuAD, evaluate-v1.1.py",
                "strict: false", options -> List.of(options.flag("strict", false)
                ? new BestOfReferences("exact_match", "exact_match|strict:yes", (reference, text) -> reference.equals(text) ? 1 : 0)
                : new BestOfReferences("exact_match", "exact_match|strict:no", (reference, text) -> SquadAnswer.isExact(reference, text)
                ? 1 : 0)));
    }

    static MetricFamily f1() {
        return new MetricFamily("f1", "words in common with a reference, by SQuAD's normal form; 0 to 1", "SQuAD, evaluate-v1.1.py", "",
                options -> List.of(new BestOfReferences("f1", "f1", SquadAnswer::f1)));
    }
}
