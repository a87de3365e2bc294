package io.softq4j.evaluation;

import io.softq4j.evaluation.text.NGramEntropy;
import io.softq4j.evaluation.text.VendiScore;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;

/** How different samples are, and how long. No one number says it, and all of them depend on length. */
final class DiversityMetrics {

    private DiversityMetrics() {
    }

    static Metric selfBleuSet() {
        return ofTexts("self_bleu", Direction.LOWER, texts -> SelfBleu.ofSet(texts, SelfBleu.SET_ORDER));
    }

    static Metric selfBleuPrompt() {
        return new CorpusMetric("self_bleu_prompt", Direction.LOWER, Set.of(Need.SEVERAL_SAMPLES), items -> Scores.meansOfItems(items.stream()
                .mapToDouble(item -> SelfBleu.ofPrompts(List.of(item.texts())).orElse(Double.NaN)).toArray()));
    }

    static Metric distinct(int n) {
        return ofTexts("distinct_" + n, Direction.HIGHER, texts -> DistinctN.of(texts, n));
    }

    static Metric compressionRatio() {
        return ofTexts("compression_ratio", Direction.LOWER, CompressionRatio::of);
    }

    static Metric ngramEntropy(int n) {
        return ofTexts("ngram_entropy_" + n, Direction.HIGHER, texts -> defined(NGramEntropy.of(texts, n)));
    }

    static Metric vendi(int order, int mostTexts) {
        return new CorpusMetric("vendi", Direction.HIGHER, Set.of(Need.SAMPLES), "vendi|ngrams:1-" + order + "|max_texts:" + mostTexts, items ->
                Scores.ofCorpus(VendiScore.of(items.stream().flatMap(item -> item.texts().stream()).toList(), order, mostTexts)));
    }

    /** Mean number of words of a sample, by white space: for texts from elsewhere, whose tokens are not known. */
    static Metric words() {
        return new CorpusMetric("words", Direction.NEITHER, Set.of(Need.SAMPLES), items -> Scores.means(items.stream()
                .map(item -> item.texts().stream().mapToDouble(text -> Words.of(text).size()).toArray()).toList()));
    }

    private static OptionalDouble defined(double value) {
        return Double.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    /**
     * Mean over sampled tokens of the entropy of the model's own distribution, nats: a long sample weighs as many times as it has tokens.
     */
    static Metric tokenEntropy() {
        return perToken("token_entropy", Direction.HIGHER, sample -> new double[] {sample.entropy() * sample.tokens(), sample.tokens()});
    }

    /** Mean number of tokens of a sample, the end included where it was sampled. */
    static Metric length() {
        return perToken("length", Direction.NEITHER, sample -> new double[] {sample.tokens(), 1});
    }

    /** Share of samples that the model ended itself; the rest was cut off at the limit. */
    static Metric ended() {
        return perToken("ended", Direction.NEITHER, sample -> new double[] {sample.ended() ? 1 : 0, 1});
    }

    private static Metric ofTexts(String name, Direction direction, Function<List<String>, OptionalDouble> measure) {
        return new CorpusMetric(name, direction, Set.of(Need.SAMPLES), items -> Scores.ofCorpus(
                measure.apply(items.stream().flatMap(item -> item.texts().stream()).toList()).orElse(Double.NaN)));
    }

    private static Metric perToken(String name, Direction direction, Function<Sample, double[]> statistics) {
        return new CorpusMetric(name, direction, Set.of(Need.SAMPLES, Need.TOKENS), items -> Scores.sums(
                items.stream().map(item -> item.samples().stream().map(statistics).toArray(double[][]::new)).toList(), sum -> sum[0] / sum[1]));
    }
}
