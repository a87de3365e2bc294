package io.softq4j.workflow;

import io.softq4j.evaluation.Estimate;
import io.softq4j.evaluation.Frontier;
import io.softq4j.evaluation.FrontierCell;
import io.softq4j.evaluation.FrontierPoint;
import io.softq4j.evaluation.FrontierSummary;
import io.softq4j.evaluation.Interval;
import io.softq4j.evaluation.SamplerPoint;
import io.softq4j.evaluation.TerminalTable;
import io.softq4j.evaluation.Turn;
import io.softq4j.sweep.SweepSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * What a study has found: every trial, and the frontier of quality against diversity.
 *
 * @param summary  the trials
 * @param frontier over all of them that are complete; the baseline is the first setting of the sweep
 */
public record StudyResult(SweepSummary summary, Frontier frontier) {

    /** From here on a number is told by one decimal, from a tenth of it by two, below by three: accuracies in per cent, rates, and what is between. */
    private static final double LARGE = 10;

    /** Setting by sampler: quality and diversity with their standard errors over seeds; of a calibration also the ratio that it is of. */
    public TerminalTable cells() {
        List<SamplerPoint> samplers = frontier.samplers();
        boolean ratio = frontier.diversity().turn() == Turn.CALIBRATED;
        List<String> header = new ArrayList<>(List.of("setting", "sampler", frontier.quality().label(), frontier.diversity().label()));
        if (ratio) {
            header.add("R");
        }
        header.add("on the frontier");
        List<List<String>> rows = new ArrayList<>();
        for (FrontierCell cell : frontier.cells()) {
            List<String> row = new ArrayList<>(List.of(cell.group(), cell.sampler().name(samplers), estimate(cell.quality(), decimals(FrontierCell::quality)),
                    estimate(cell.diversity(), decimals(FrontierCell::diversity))));
            if (ratio) {
                row.add(String.format(Locale.ROOT, "%.2f", frontier.points().stream()
                        .filter(point -> point.group().equals(cell.group()) && point.sampler().equals(cell.sampler()))
                        .mapToDouble(FrontierPoint::diversityValue).average().orElseThrow()));
            }
            row.add(cell.pareto() ? "yes" : "");
            rows.add(row);
        }
        return new TerminalTable(header, rows);
    }

    private int decimals(Function<FrontierCell, Estimate> axis) {
        double most = frontier.cells().stream().mapToDouble(cell -> Math.abs(axis.apply(cell).mean())).max().orElse(0);
        return most >= LARGE ? 1 : most >= LARGE / 10 ? 2 : 3;
    }

    /** Setting against the baseline, with intervals over seeds. */
    public TerminalTable comparison() {
        int quality = decimals(FrontierCell::quality) + 1;
        int diversity = decimals(FrontierCell::diversity) + 1;
        List<List<String>> rows = new ArrayList<>();
        for (FrontierSummary group : frontier.groups()) {
            rows.add(List.of(group.group(), interval(group.hypervolume(), Math.min(quality, diversity)), interval(group.qualityGain(), quality),
                    interval(group.diversityGain(), diversity)));
        }
        return new TerminalTable(List.of("setting", "hypervolume", "quality gain at equal diversity", "diversity gain at equal quality"), rows);
    }

    /** What the numbers of {@link #comparison} are, where the references are, and why some gains are missing. */
    public List<String> remarks() {
        List<String> remarks = new ArrayList<>(List.of("Quality is " + frontier.quality().label() + ", diversity is " + frontier.diversity().label()
                + "; of both more is better. Means over seeds, gains against " + frontier.baseline() + " of the same seed; in brackets, with two seeds or "
                + "more, 95 % intervals by Student's t."));
        if (frontier.quality().references() != null || frontier.diversity().references() != null) {
            remarks.add("The references themselves: quality " + number(frontier.quality().references(), decimals(FrontierCell::quality)) + ", diversity "
                    + number(frontier.diversity().references(), decimals(FrontierCell::diversity)) + ".");
        }
        frontier.groups().stream().filter(group -> group.note() != null).forEach(group -> remarks.add(group.group() + ": " + group.note() + "."));
        return remarks;
    }

    private static String estimate(Estimate estimate, int decimals) {
        return number(estimate.mean(), decimals) + (estimate.standardError() == null ? "" : " ± " + number(estimate.standardError(), decimals));
    }

    private static String interval(Interval interval, int decimals) {
        if (interval == null) {
            return "-";
        }
        return number(interval.value(), decimals) + (interval.low() == null ? ""
                : " [" + number(interval.low(), decimals) + ", " + number(interval.high(), decimals) + "]");
    }

    private static String number(Double value, int decimals) {
        return value == null ? "not defined" : String.format(Locale.ROOT, "%." + decimals + "f", value);
    }
}
