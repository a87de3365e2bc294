package io.softq4j.training;

import io.softq4j.common.UserError;
import io.softq4j.objective.Batch;
import io.softq4j.objective.Figure;
import io.softq4j.objective.Objective;
import io.softq4j.training.rows.ValidationSource;
import io.softq4j.training.run.BestModel;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * By which figure the best model is found, and which way it is better: known before the first step, so that a name that no evaluation has
 * costs no hours.
 *
 * @param evaluations what the run is measured on
 * @param objective   asked for the names of its figures on one batch, if the metric is one of them
 */
record BestMetric(Evaluations evaluations, Objective objective) {

    private static final String LOSS = "loss";

    /** @throws UserError if there is nothing to evaluate on, or an evaluation has no such figure */
    BestModel find() {
        EvalSettings settings = evaluations.settings();
        if (!evaluations.any()) {
            throw new UserError("evaluation." + (settings.loadBestModelAtEnd() ? "load_best_model_at_end is true"
                    : settings.earlyStoppingPatience() > 0
                    ? "early_stopping_patience is " + settings.earlyStoppingPatience() : "metric_for_best_model is "
                    + settings.metricForBestModel())
                    + ", but there is nothing to evaluate on. Prepare the data with data.validation or data.validation_fraction.");
        }
        String key = settings.bestKey();
        Map<String, Boolean> known = ofHookAndLosses();
        if (!known.containsKey(key)) {
            known.putAll(ofObjective());
        }
        if (!known.containsKey(key)) {
            throw new UserError("evaluation.metric_for_best_model is "
                    + (settings.metricForBestModel() == null ? "not set, so it is loss" : "'"
                    + settings.metricForBestModel() + "'") + ", but an evaluation of this run has no " + key + ". It has: "
                    + String.join(", ", known.keySet()) + ". Set evaluation.metric_for_best_model to one of them.");
        }
        Boolean greater = settings.greaterIsBetter() == null ? known.get(key) : settings.greaterIsBetter();
        if (greater == null) {
            throw new UserError("evaluation.metric_for_best_model is '" + settings.metricForBestModel()
                    + "', which is better neither when more nor when less "
                    + "by itself. Say which way you mean: evaluation.greater_is_better=true or false.");
        }
        return BestModel.none(key, greater);
    }

    private Map<String, Boolean> ofHookAndLosses() {
        Map<String, Boolean> known = new LinkedHashMap<>();
        evaluations.sets().keySet().forEach(set -> known.put(EvalMetrics.OfSet.prefix(set) + LOSS, false));
        evaluations.hook().ifPresent(hook -> hook.figures().forEach((name, greater) -> known.put(EvalMetrics.OfSet.prefix("") + name,
                greater.orElse(null))));
        return known;
    }

    private Map<String, Boolean> ofObjective() {
        Map<String, Boolean> known = new LinkedHashMap<>();
        for (Map.Entry<String, ValidationSource> set : evaluations.sets().entrySet()) {
            Iterator<Batch> batches = set.getValue().batches().iterator();
            if (batches.hasNext()) {
                for (Figure figure : objective.evaluate(batches.next(), 0).all()) {
                    if (figure.role() != Figure.Role.SETTING && (figure.role() != Figure.Role.EXTRA || figure.value() != 0)) {
                        boolean less = figure.role() == Figure.Role.TERM || figure.role() == Figure.Role.EXTRA
                                || figure.name().endsWith(LOSS);
                        known.put(EvalMetrics.OfSet.prefix(set.getKey()) + figure.name(), !less);
                    }
                }
            }
        }
        return known;
    }
}
