package io.softq4j.evaluation;

import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * What a model makes of the references, without sampling. The end token counts where the model learns it: sums run over all tokens of the references, so
 * a long reference weighs as many times as it has tokens, and an item with several references has them all.
 *
 * <pre>
 *   nll            = sum of -log p / tokens                  nats
 *   perplexity     = exp(nll)
 *   bits_per_byte  = sum of -log p / (bytes log 2)           as lm-evaluation-harness: bytes of the text, whatever the vocabulary
 *   token_accuracy = tokens that were the likeliest / tokens
 * </pre>
 */
final class LikelihoodMetrics {

    private static final int NLL = 0;
    private static final int TOKENS = 1;
    private static final int BYTES = 2;
    private static final int CORRECT = 3;

    private LikelihoodMetrics() {
    }

    static List<MetricFamily> families() {
        return List.of(
                family("nll", "-log p of a reference's token, the end token too, nats", "", Direction.LOWER, sum -> sum[NLL] / sum[TOKENS]),
                family("perplexity", "exp(nll)", "Jelinek et al. 1977", Direction.LOWER, sum -> Math.exp(sum[NLL] / sum[TOKENS])),
                family("bits_per_byte", "-log2 p of the references over their bytes in UTF-8: vocabularies compare", "lm-evaluation-harness",
                        Direction.LOWER, sum -> sum[BYTES] == 0 ? Double.NaN : sum[NLL] / (sum[BYTES] * Math.log(2))),
                family("token_accuracy", "share of the references' tokens that the model finds likeliest", "", Direction.HIGHER,
                        sum -> sum[CORRECT] / sum[TOKENS]));
    }

    private static MetricFamily family(String name, String summary, String source, Direction direction, ToDoubleFunction<double[]> value) {
        return new MetricFamily(name, summary, source, "", options -> List.of(new CorpusMetric(name, direction, Set.of(Need.REFERENCES, Need.LIKELIHOODS),
                items -> Scores.sumsOfItems(items.stream().map(LikelihoodMetrics::statistics).toArray(double[][]::new), value))));
    }

    private static double[] statistics(Item item) {
        double[] sum = new double[CORRECT + 1];
        for (Likelihood reference : item.likelihoods()) {
            sum[NLL] += reference.nll();
            sum[TOKENS] += reference.tokens();
            sum[BYTES] += reference.bytes();
            sum[CORRECT] += reference.correct();
        }
        return sum[TOKENS] == 0 ? new double[0] : sum;
    }
}
