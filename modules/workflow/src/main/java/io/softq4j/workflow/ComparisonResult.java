package io.softq4j.workflow;

import io.softq4j.evaluation.Bootstrap;
import io.softq4j.evaluation.Direction;
import io.softq4j.evaluation.MetricResult;
import io.softq4j.evaluation.PairedDifference;
import io.softq4j.evaluation.SamplerSettings;
import io.softq4j.evaluation.TerminalTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a comparison has found. The first side is what the others are compared with.
 *
 * @param sides    in the order given
 * @param prompts  that all sides have
 * @param metrics  in the order of the configuration
 * @param settings of the configurations they were trained with, those that differ
 * @param curves   of their runs
 * @param items    side by side, those first on which the sides differ most
 * @param notes    what was left out, and what to keep in mind
 */
public record ComparisonResult(List<Side> sides, int prompts, List<Row> metrics, List<Setting> settings, List<Curve> curves,
        List<ItemRow> items,
                               List<String> notes) {

    /** A side. @param name a letter @param path as it was given @param sampler null for texts from elsewhere @param samples of a prompt */
    public record Side(String name, String path, SamplerSettings sampler, String samples) {
    }

    /**
     * A metric.
     *
     * @param results     of each side
     * @param differences of each side but the first, to the first
     */
    public record Row(String metric, Direction direction, String signature, List<MetricResult> results,
            List<PairedDifference> differences) {
    }

    /** A key of the configuration. @param values of each side; null where it is not known */
    public record Setting(String key, List<String> values) {
    }

    /** What metrics.jsonl of a side's run says of a key. @param points [step, value] */
    public record Curve(String side, String key, List<double[]> points) {
    }

    /** A prompt. @param samples of each side @param values of each side by the metric that orders the items; null where there is none */
    public record ItemRow(String prompt, List<String> references, List<List<String>> samples, List<Double> values) {
    }

    public ComparisonResult {
        sides = List.copyOf(sides);
        metrics = List.copyOf(metrics);
        settings = List.copyOf(settings);
        curves = List.copyOf(curves);
        items = List.copyOf(items);
        notes = List.copyOf(notes);
    }

    /** A line for each metric and side. */
    public TerminalTable table() {
        List<List<String>> rows = new ArrayList<>();
        for (Row row : metrics) {
            for (int s = 0; s < sides.size(); s++) {
                PairedDifference difference = s == 0 ? null : row.differences().get(s - 1);
                rows.add(List.of(s == 0 ? row.metric() : "", sides.get(s).name(), number(row.results().get(s).value()),
                        difference(difference), counts(difference),
                        verdict(difference)));
            }
        }
        return new TerminalTable(List.of("metric", "side", "value", "difference to "
                + sides.get(0).name(), "better/equal/worse", ""), rows);
    }

    /** The keys of the configurations that differ. */
    public TerminalTable settingsTable() {
        List<String> header = new ArrayList<>(List.of("key"));
        sides.forEach(side -> header.add(side.name()));
        List<List<String>> rows = new ArrayList<>();
        for (Setting setting : settings) {
            List<String> row = new ArrayList<>(List.of(setting.key()));
            setting.values().forEach(value -> row.add(value == null ? "-" : value.replaceAll("\\s+", " ")));
            rows.add(row);
        }
        return new TerminalTable(header, rows);
    }

    /** What the letters are, what the numbers are, and what is to be kept in mind. */
    public List<String> remarks() {
        List<String> remarks = new ArrayList<>();
        sides.forEach(side -> remarks.add(side.name() + " = " + side.path()));
        remarks.add(prompts + " prompts that all have. In brackets the paired difference's interval, " + Bootstrap.METHOD
                + ", the same draws for all sides; "
                + "where it holds 0 the difference may be chance. Items better, equal and worse than " + sides.get(0).name() + ".");
        remarks.addAll(notes);
        return remarks;
    }

    static String difference(PairedDifference difference) {
        if (difference == null || difference.value() == null) {
            return "-";
        }
        return signed(difference.value()) + (difference.low() == null ? "" : " [" + signed(difference.low()) + ", "
                + signed(difference.high()) + "]");
    }

    static String counts(PairedDifference difference) {
        return difference == null || difference.better() + difference.equal() + difference.worse() == 0 ? "-"
                : difference.better() + "/" + difference.equal() + "/" + difference.worse();
    }

    /** What the interval says. */
    static String verdict(PairedDifference difference) {
        if (difference == null || difference.value() == null) {
            return "";
        }
        if (difference.low() == null) {
            return "no interval";
        }
        if (difference.mayBeChance()) {
            return difference.low() == 0 && difference.high() == 0 ? "equal" : "may be chance";
        }
        return switch (difference.direction()) {
            case HIGHER -> difference.value() > 0 ? "better" : "worse";
            case LOWER -> difference.value() < 0 ? "better" : "worse";
            case NEITHER -> "differs";
        };
    }

    static String number(Double value) {
        return value == null ? "-" : String.format(Locale.ROOT, Math.abs(value) >= 10 ? "%.1f" : "%.3f", value);
    }

    private static String signed(double value) {
        return (value > 0 ? "+" : "") + number(value);
    }
}
