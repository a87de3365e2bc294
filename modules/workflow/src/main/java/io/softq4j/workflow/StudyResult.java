package io.softq4j.workflow;

import io.softq4j.evaluation.Frontier;
import io.softq4j.evaluation.FrontierCell;
import io.softq4j.evaluation.FrontierSummary;
import io.softq4j.evaluation.Interval;
import io.softq4j.evaluation.TerminalTable;
import io.softq4j.sweep.SweepSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a study has found: every trial, and the frontier of quality (accuracy) against diversity (100 - Self-BLEU between samples of one prompt).
 *
 * @param summary  the trials
 * @param frontier over all of them that are complete; the baseline is the first setting of the sweep
 */
public record StudyResult(SweepSummary summary, Frontier frontier) {

    /** Setting by temperature: quality and diversity with their standard errors over seeds. */
    public TerminalTable cells() {
        List<List<String>> rows = new ArrayList<>();
        for (FrontierCell cell : frontier.cells()) {
            rows.add(List.of(cell.group(), Double.toString(cell.temperature()), estimate(cell.quality().mean(), cell.quality().standardError()),
                    estimate(cell.diversity().mean(), cell.diversity().standardError()), cell.pareto() ? "yes" : ""));
        }
        return new TerminalTable(List.of("setting", "temperature", "accuracy %", "diversity", "on the frontier"), rows);
    }

    /** Setting against the baseline, with intervals over seeds. */
    public TerminalTable comparison() {
        List<List<String>> rows = new ArrayList<>();
        for (FrontierSummary group : frontier.groups()) {
            rows.add(List.of(group.group(), interval(group.hypervolume()), interval(group.qualityGain()), interval(group.diversityGain())));
        }
        return new TerminalTable(List.of("setting", "hypervolume", "accuracy gain at equal diversity", "diversity gain at equal accuracy"), rows);
    }

    /** What the numbers of {@link #comparison} are, and why some are missing. */
    public List<String> remarks() {
        List<String> remarks = new ArrayList<>(List.of("Means over seeds, gains against " + frontier.baseline() + " of the same seed; in brackets, with "
                + "two seeds or more, 95 % intervals by Student's t."));
        frontier.groups().stream().filter(group -> group.note() != null).forEach(group -> remarks.add(group.group() + ": " + group.note() + "."));
        return remarks;
    }

    private static String estimate(double mean, Double error) {
        return error == null ? String.format(Locale.ROOT, "%.1f", mean) : String.format(Locale.ROOT, "%.1f ± %.1f", mean, error);
    }

    private static String interval(Interval interval) {
        if (interval == null) {
            return "-";
        }
        return interval.low() == null ? String.format(Locale.ROOT, "%.2f", interval.value())
                : String.format(Locale.ROOT, "%.2f [%.2f, %.2f]", interval.value(), interval.low(), interval.high());
    }
}
