package io.softq4j.evaluation;

import io.softq4j.common.Suggestion;
import io.softq4j.common.UserError;
import io.softq4j.evaluation.text.VendiScore;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** Finds metrics by what the user wrote. What each is, and where it comes from, is in {@code docs/metrics.md}. */
public final class Metrics {

    private static final String NEXT_STEP = "softq evaluate --list shows all; the class name (with its package) of an io.softq4j.evaluation.Metric of "
            + "your own, in a jar that SOFTQ_PLUGINS names, is one too.";

    private static final Map<String, MetricFamily> FAMILIES = families();

    private Metrics() {
    }

    private static Map<String, MetricFamily> families() {
        Map<String, MetricFamily> families = new LinkedHashMap<>();
        Stream.of(
                TaskMetrics.accuracy(), TaskMetrics.passAtK(),
                ReferenceMetrics.bleu(), ReferenceMetrics.chrf("chrf", 0), ReferenceMetrics.chrf("chrf++", 2), ReferenceMetrics.rouge(),
                ReferenceMetrics.rouge(RougeMetric.Kind.ROUGE_1), ReferenceMetrics.rouge(RougeMetric.Kind.ROUGE_2),
                ReferenceMetrics.rouge(RougeMetric.Kind.ROUGE_L), ReferenceMetrics.rouge(RougeMetric.Kind.ROUGE_LSUM),
                ReferenceMetrics.exactMatch(), ReferenceMetrics.f1(),
                CalibrationMetrics.collision(), CalibrationMetrics.ratio(), CalibrationMetrics.ratioOfNGrams(), CalibrationMetrics.coverage(),
                CalibrationMetrics.coverageOfNGrams(),
                new MetricFamily("self_bleu", "BLEU of each sample against all others", "Zhu et al. 2018, arXiv 1802.01886", "",
                        options -> List.of(DiversityMetrics.selfBleuSet())),
                new MetricFamily("self_bleu_prompt", "BLEU of each sample against the others of its prompt", "sacreBLEU", "",
                        options -> List.of(DiversityMetrics.selfBleuPrompt())),
                new MetricFamily("distinct", "share of n-grams that are different, over all samples", "Li et al. 2016, arXiv 1510.03055", "n: [1, 2, 3]",
                        options -> options.numbers("n", List.of(1, 2, 3), 1).stream().map(DiversityMetrics::distinct).toList()),
                new MetricFamily("ngram_entropy", "entropy of the n-grams of all samples, nats", "Zhang et al. 2018, arXiv 1809.05972", "n: [1, 2]",
                        options -> options.numbers("n", List.of(1, 2), 1).stream().map(DiversityMetrics::ngramEntropy).toList()),
                new MetricFamily("vendi", "effective number of different samples, by their n-grams", "Friedman and Dieng 2023, arXiv 2210.02410",
                        "max_order: " + VendiScore.ORDER + ", max_texts: " + VendiScore.MOST_TEXTS, options -> List.of(DiversityMetrics.vendi(
                        options.number("max_order", VendiScore.ORDER, 1), options.number("max_texts", VendiScore.MOST_TEXTS, 2)))),
                new MetricFamily("compression_ratio", "bytes of all samples over those of their gzip", "Shaib et al. 2024, arXiv 2403.00553", "",
                        options -> List.of(DiversityMetrics.compressionRatio())),
                new MetricFamily("token_entropy", "entropy of the model's distribution at the sampled tokens, nats", "", "",
                        options -> List.of(DiversityMetrics.tokenEntropy())),
                new MetricFamily("length", "tokens of a sample", "", "", options -> List.of(DiversityMetrics.length())),
                new MetricFamily("words", "words of a sample, by white space", "", "", options -> List.of(DiversityMetrics.words())),
                new MetricFamily("ended", "share of samples that ended before the limit", "", "", options -> List.of(DiversityMetrics.ended()))
        ).forEach(family -> families.put(family.name(), family));
        LikelihoodMetrics.families().forEach(family -> families.put(family.name(), family));
        return families;
    }

    /** All names there are, in the order of {@code softq evaluate --list}. */
    public static List<MetricDescription> all() {
        return FAMILIES.values().stream().map(family -> new MetricDescription(family.name(), family.summary(), family.source(), family.options(),
                withoutOptions(family))).toList();
    }

    private static List<Metric> withoutOptions(MetricFamily family) {
        try {
            return family.with(Map.of());
        } catch (UserError needsAnOption) {
            return List.of();
        }
    }

    /** Whether a name is known, or may be that of a class. */
    public static boolean knows(String name) {
        return FAMILIES.containsKey(name) || OwnClasses.isMeant(name);
    }

    /** What is measured where nothing is said: how different samples are, and how long. @param samples of a prompt; one has none beside it */
    public static List<Metric> ofDiversity(int samples) {
        return named(List.of("self_bleu", "self_bleu_prompt", "distinct", "compression_ratio", "token_entropy", "length", "ended")).stream()
                .filter(metric -> samples > 1 || !metric.needs().contains(Need.SEVERAL_SAMPLES)).toList();
    }

    /**
     * The metrics of a list of names, in its order, each once.
     *
     * @param specs as in {@code evaluation.metrics}: names, {@code bleu}; names with options, {@code {bleu: {tokenize: intl}}}; class names
     * @throws UserError if one is not known, has options it does not know, or two have one name
     */
    public static List<Metric> named(Collection<?> specs) {
        Map<String, Metric> metrics = new LinkedHashMap<>();
        for (Object spec : specs) {
            for (Metric metric : named(spec)) {
                Metric other = metrics.put(metric.name(), metric);
                if (other != null && !other.signature().equals(metric.signature())) {
                    throw new UserError("evaluation.metrics names '" + metric.name() + "' twice, with different options: " + other.signature() + " and "
                            + metric.signature() + ". A report has one value of a name; leave one out.");
                }
            }
        }
        return new ArrayList<>(metrics.values());
    }

    private static List<Metric> named(Object spec) {
        if (spec instanceof Map<?, ?> map) {
            if (map.size() != 1 || !(map.values().iterator().next() instanceof Map<?, ?> given)) {
                throw new UserError("evaluation.metrics: options stand below a name, as in {bleu: {tokenize: intl}}; seen " + spec + ".");
            }
            Map<String, Object> options = new LinkedHashMap<>();
            given.forEach((name, value) -> options.put(String.valueOf(name), value));
            return named(String.valueOf(map.keySet().iterator().next()), options);
        }
        return named(String.valueOf(spec), Map.of());
    }

    private static List<Metric> named(String name, Map<String, Object> options) {
        MetricFamily family = FAMILIES.get(name);
        if (family != null) {
            return family.with(options);
        }
        if (OwnClasses.isMeant(name)) {
            Metric own = OwnMetric.of(OwnClasses.make(name, Metric.class, "metric", NEXT_STEP));
            if (!options.isEmpty()) {
                throw new UserError("evaluation.metrics: the class " + name + " takes no options; seen " + options + ".");
            }
            return List.of(own);
        }
        String meant = Suggestion.nearest(name.toLowerCase(Locale.ROOT), FAMILIES.keySet()).map(nearest -> "Did you mean '" + nearest + "'? ").orElse("");
        throw new UserError("evaluation.metrics: no metric is called '" + name + "'. " + meant + NEXT_STEP);
    }
}
