package io.softq4j.workflow;

import io.softq4j.common.UserError;
import io.softq4j.data.DistinctPrompts;
import io.softq4j.evaluation.EvaluationReport;
import io.softq4j.evaluation.FrontierAxis;
import io.softq4j.evaluation.FrontierPoint;
import io.softq4j.evaluation.Metric;
import io.softq4j.evaluation.MetricResult;
import io.softq4j.evaluation.Metrics;
import io.softq4j.evaluation.Need;
import io.softq4j.evaluation.SamplerPoint;
import io.softq4j.evaluation.Turn;
import io.softq4j.evaluation.text.Collisions;
import io.softq4j.evaluation.text.Whitespace;
import io.softq4j.sweep.SweepConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a study sets against each other: two metrics, by {@code sweep.quality} and {@code sweep.diversity}.
 *
 * @param quality   upwards
 * @param diversity to the right
 */
record StudyAxes(Metric quality, Metric diversity) {

    private static final String ACCURACY = "accuracy";
    private static final String ALIKE = "self_bleu_prompt";
    private static final String CALIBRATED = "collision_ratio";
    /** Long texts are never equal, their pairs of words are. */
    private static final String CALIBRATED_OF_LONG = "collision_ratio_ngrams";

    /**
     * Finds out whether a configuration names axes, before there are data.
     *
     * @throws UserError if there is no such metric, one has no better and worse, or nothing that is measured is a quality
     */
    static void check(SweepConfig sweep, EvaluationConfig evaluation) {
        of(sweep, evaluation, ALIKE);
    }

    /**
     * Those of a configuration.
     *
     * @param prompts that models are judged on: diversity that is not named is calibration if they tell what is calibrated
     * @throws UserError as {@link #check(SweepConfig, EvaluationConfig)}, and if the prompts lack what an axis needs
     */
    static StudyAxes of(SweepConfig sweep, EvaluationConfig evaluation, DistinctPrompts prompts) {
        StudyAxes axes = of(sweep, evaluation, usualDiversity(prompts));
        axes.check(prompts);
        return axes;
    }

    private static StudyAxes of(SweepConfig sweep, EvaluationConfig evaluation, String usualDiversity) {
        List<Metric> measured = Evaluation.metrics(evaluation);
        Metric quality = sweep.quality() == null ? usualQuality(measured) : named("quality", sweep.quality(), measured, evaluation);
        Metric diversity = named("diversity", sweep.diversity() == null ? usualDiversity : sweep.diversity(), measured, evaluation);
        if (quality.name().equals(diversity.name())) {
            throw new UserError("sweep.quality and sweep.diversity are both " + quality.name()
                    + "; a frontier sets two metrics against each other.");
        }
        return new StudyAxes(quality, diversity);
    }

    /** Calibration where prompts have several references: of whole texts if two of them are equal for every other prompt at least, else of pairs of words. */
    private static String usualDiversity(DistinctPrompts prompts) {
        if (prompts.items().stream().noneMatch(item -> differentReferences(item) > 1)) {
            return ALIKE;
        }
        double[] collisions = prompts.items().stream().filter(item -> item.references().size() > 1)
                .mapToDouble(item -> Collisions.probability(
                item.references().stream().map(Whitespace::normalise).toList())).toArray();
        return 2 * Arrays.stream(collisions).filter(c -> c > 0).count() >= collisions.length ? CALIBRATED : CALIBRATED_OF_LONG;
    }

    private static long differentReferences(DistinctPrompts.Item item) {
        return item.references().stream().distinct().count();
    }

    private static Metric usualQuality(List<Metric> measured) {
        Optional<Metric> accuracy = measured.stream().filter(metric -> metric.name().equals(ACCURACY)).findFirst();
        return accuracy.or(() -> measured.stream().filter(metric -> metric.needs().contains(Need.REFERENCES))
                        .filter(metric -> Turn.of(metric) != null && Turn.of(metric) != Turn.CALIBRATED).findFirst())
                .orElseThrow(() -> new UserError("a sweep needs evaluation.task, which decides what is right: gsm8k, exact_match:FIELD, or the name of a "
                        + "Task class; or sweep.quality, a metric such as bleu. Without it there is no quality to set against diversity."));
    }

    private static Metric named(String key, String name, List<Metric> measured, EvaluationConfig evaluation) {
        Metric metric = Stream.concat(measured.stream(), Metrics.ofDiversity(evaluation.samples()).stream())
                .filter(one -> one.name().equals(name))
                .findFirst().orElseGet(() -> made(key, name));
        if (metric.needs().contains(Need.SEVERAL_SAMPLES) && evaluation.samples() < 2) {
            throw new UserError("a sweep needs evaluation.samples of at least 2: " + name + " is measured between samples of one prompt.");
        }
        if (Turn.of(metric) == null) {
            throw new UserError("sweep." + key + ": " + name + " describes, it has no better and worse, so it is no axis of a frontier.");
        }
        return metric;
    }

    private static Metric made(String key, String name) {
        List<Metric> family;
        try {
            family = Metrics.named(List.of(name));
        } catch (UserError e) {
            throw new UserError("sweep." + key + ": " + e.getMessage().replaceFirst("^evaluation\\.metrics: ", ""), e);
        }
        return family.stream().filter(metric -> metric.name().equals(name)).findFirst().or(() -> family.stream().findFirst()
                .filter(only -> family.size() == 1))
                .orElseThrow(() -> new UserError("sweep." + key + ": " + name + " is several metrics, " + String.join(", ",
                        family.stream().map(Metric::name).toList()) + "; name one of them, with " + name + " among evaluation.metrics."));
    }

    private void check(DistinctPrompts prompts) {
        for (Metric metric : metrics()) {
            boolean several = metric.needs().contains(Need.SEVERAL_REFERENCES);
            if ((several || metric.needs().contains(Need.REFERENCES))
                    && prompts.items().stream().noneMatch(item -> differentReferences(item) >= (several ? 2 : 1))) {
                throw new UserError("the sweep's axis " + metric.name() + " needs "
                        + (several ? "two different references of a prompt or more" : "references")
                        + ", and none of the " + prompts.items().size() + " prompts has that. Give them in the evaluated file, or name another metric as "
                        + "sweep.quality or sweep.diversity.");
            }
        }
    }

    /** Both. */
    List<Metric> metrics() {
        return List.of(quality, diversity);
    }

    /** The axis of quality, with the references' place by one of the reports. */
    FrontierAxis qualityAxis(List<EvaluationReport> reports) {
        return axis(quality, reports);
    }

    /** The axis of diversity. */
    FrontierAxis diversityAxis(List<EvaluationReport> reports) {
        return axis(diversity, reports);
    }

    private static FrontierAxis axis(Metric metric, List<EvaluationReport> reports) {
        return FrontierAxis.of(metric.name(), Turn.of(metric)).withReferences(reports.stream()
                .flatMap(report -> report.metric(metric.name()).map(MetricResult::references).stream()).findFirst().orElse(null));
    }

    /** What a model does by its reports; a sampler at which one of the two has no value is left out. */
    List<FrontierPoint> points(String group, long seed, List<EvaluationReport> reports) {
        List<FrontierPoint> points = new ArrayList<>();
        for (EvaluationReport report : reports) {
            double up = value(report, quality);
            double right = value(report, diversity);
            double turnedUp = Turn.of(quality).of(up);
            double turnedRight = Turn.of(diversity).of(right);
            if (Double.isFinite(turnedUp) && Double.isFinite(turnedRight)) {
                points.add(new FrontierPoint(group, SamplerPoint.of(report.sampler()), seed, turnedUp, turnedRight, up, right));
            }
        }
        return points;
    }

    private static double value(EvaluationReport report, Metric metric) {
        return report.metric(metric.name()).map(MetricResult::value).orElse(Double.NaN);
    }
}
