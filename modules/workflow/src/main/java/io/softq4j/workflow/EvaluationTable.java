package io.softq4j.workflow;

import io.softq4j.evaluation.Bootstrap;
import io.softq4j.evaluation.Counts;
import io.softq4j.evaluation.Direction;
import io.softq4j.evaluation.EvaluationReport;
import io.softq4j.evaluation.MetricResult;
import io.softq4j.evaluation.SamplerPoint;
import io.softq4j.evaluation.TerminalTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Reports side by side for people, a metric a line: value, interval, and the references' own point; below it what the signs mean. */
final class EvaluationTable {

    private static final int WIDTH = 100;

    private EvaluationTable() {
    }

    /** At most 100 columns wide: reports that do not fit beside the others go into a table below. */
    static String of(List<EvaluationReport> reports) {
        StringBuilder text = new StringBuilder();
        List<String> names = names(reports);
        for (int from = 0; from < reports.size(); ) {
            int to = reports.size();
            while (to - from > 1 && width(table(reports, names, from, to)) > WIDTH) {
                to--;
            }
            text.append(table(reports, names, from, to)).append('\n');
            from = to;
        }
        return text.append(String.join("\n", below(reports))).toString();
    }

    private static int width(TerminalTable table) {
        return table.toString().lines().mapToInt(line -> line.codePointCount(0, line.length())).max().orElse(0);
    }

    private static TerminalTable table(List<EvaluationReport> all, List<String> names, int from, int to) {
        List<EvaluationReport> reports = all.subList(from, to);
        boolean references = known(reports);
        List<String> header = new ArrayList<>(List.of("metric"));
        header.addAll(names.subList(from, to));
        if (references) {
            header.add("references");
        }
        List<List<String>> rows = new ArrayList<>();
        for (MetricResult metric : reports.get(0).metrics()) {
            List<String> row = new ArrayList<>(List.of(metric.name() + arrow(metric.direction())));
            reports.forEach(report -> row.add(report.metric(metric.name()).map(EvaluationTable::interval).orElse("-")));
            if (references) {
                row.add(number(metric.references()));
            }
            rows.add(row);
        }
        return new TerminalTable(header, rows);
    }

    private static boolean known(List<EvaluationReport> reports) {
        return reports.get(0).metrics().stream().anyMatch(metric -> metric.references() != null);
    }

    /** What a report's column is called: its sampler, as far as it differs from the others. */
    static List<String> names(List<EvaluationReport> reports) {
        List<SamplerPoint> samplers = reports.stream().filter(report -> report.sampler() != null).map(report -> SamplerPoint.of(report.sampler())).toList();
        return reports.stream().map(report -> report.sampler() == null ? "value" : SamplerPoint.of(report.sampler()).name(samplers)).toList();
    }

    /** What the table's signs mean, and how its values can be computed again, a line each. */
    static List<String> below(List<EvaluationReport> reports) {
        List<MetricResult> all = reports.stream().flatMap(report -> report.metrics().stream()).toList();
        List<String> lines = new ArrayList<>();
        Counts counts = reports.get(0).counts();
        lines.add(counted(counts.prompts(), "prompt") + ", " + counted(counts.references(), "reference") + ", " + counted(counts.samples(), "sample")
                + (reports.size() > 1 ? " with each sampler" : ""));
        if (all.stream().anyMatch(metric -> metric.direction() != Direction.NEITHER)) {
            lines.add("\u2191 higher is better, \u2193 lower is better");
        }
        if (all.stream().anyMatch(metric -> metric.low() != null)) {
            lines.add("[low, high]: " + Bootstrap.METHOD);
        }
        if (known(reports)) {
            lines.add("references: the same measure of the references in place of the samples, one against the others where it compares");
        }
        Stream.of(reports.get(0)).flatMap(report -> report.metrics().stream()).filter(metric -> !metric.signature().equals(metric.name()))
                .forEach(metric -> lines.add(metric.name() + ": " + metric.signature()));
        return lines;
    }

    private static String counted(long count, String what) {
        return String.format(Locale.ROOT, "%,d %s%s", count, what, count == 1 ? "" : "s");
    }

    private static String arrow(Direction direction) {
        return switch (direction) {
            case HIGHER -> " \u2191";
            case LOWER -> " \u2193";
            case NEITHER -> "";
        };
    }

    private static String interval(MetricResult metric) {
        return number(metric.value()) + (metric.low() == null ? "" : " [" + number(metric.low()) + ", " + number(metric.high()) + "]");
    }

    private static String number(Double value) {
        return value == null || value.isNaN() ? "-" : String.format(Locale.ROOT, Math.abs(value) >= 10 ? "%.1f" : "%.3f", value);
    }
}
