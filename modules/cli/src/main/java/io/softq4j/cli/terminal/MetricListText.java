package io.softq4j.cli.terminal;

import io.softq4j.evaluation.Direction;
import io.softq4j.evaluation.Metric;
import io.softq4j.evaluation.MetricDescription;
import io.softq4j.evaluation.MetricSet;
import io.softq4j.evaluation.Metrics;
import io.softq4j.evaluation.Need;
import io.softq4j.evaluation.OwnClass;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What {@code softq evaluate --list} shows: every metric, every task, and the classes of the user's own. */
public final class MetricListText {

    private static final int WIDTH = 96;

    private static final Map<String, String> TASKS = tasks();

    private MetricListText() {
    }

    private static Map<String, String> tasks() {
        Map<String, String> tasks = new LinkedHashMap<>();
        tasks.put("gsm8k", "the number after #### equals that of the field 'answer': accuracy, pass@k, distinct_correct");
        tasks.put("exact_match:FIELD", "the text equals that field of the row: accuracy, pass@k, distinct_correct");
        tasks.put("CLASS", "an io.softq4j.evaluation.Task of your own tells right from wrong: accuracy, pass@k, distinct_correct");
        MetricSet.all().forEach(set -> tasks.put(set.name(), set.summary() + ": " + String.join(", ", set.metrics())
                + (set.ifPossible().isEmpty() ? "" : (set.metrics().isEmpty() ? "" : "; ") + "if the rows allow it " + String.join(", ", set.ifPossible()))));
        return tasks;
    }

    /** The tasks by name, each with what it is. */
    public static Map<String, String> byTask() {
        return TASKS;
    }

    /** As JSON has it: a metric by name, summary, source, options, and the metrics it stands for with direction and needs. */
    public static List<Map<String, Object>> metrics() {
        return Metrics.all().stream().map(MetricListText::fields).toList();
    }

    private static Map<String, Object> fields(MetricDescription metric) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", metric.name());
        fields.put("summary", metric.summary());
        fields.put("source", metric.source());
        fields.put("options", metric.options());
        fields.put("direction", metric.metrics().stream().map(each -> word(each.direction())).distinct().findFirst().orElse(word(Direction.HIGHER)));
        fields.put("needs", metric.metrics().stream().flatMap(each -> each.needs().stream()).distinct().sorted().map(Need::words).toList());
        fields.put("gives", metric.metrics().stream().map(Metric::name).toList());
        return fields;
    }

    private static String word(Direction direction) {
        return switch (direction) {
            case HIGHER -> "higher is better";
            case LOWER -> "lower is better";
            case NEITHER -> "describes";
        };
    }

    /** For people, at most 100 columns wide. @param own classes of the user's @param unreadable parts of SOFTQ_PLUGINS without classes, each with why */
    public static String of(List<OwnClass> own, List<String> unreadable) {
        StringBuilder text = new StringBuilder("metrics, for evaluation.metrics and --metric:\n");
        for (Map<String, Object> metric : metrics()) {
            entry(text, (String) metric.get("name"), metric.get("summary") + "; " + metric.get("direction") + ". Needs "
                    + (metric.get("needs") instanceof List<?> needs && !needs.isEmpty()
                            ? needs.stream().map(String::valueOf).collect(Collectors.joining(", ")) : "an option") + ".");
            more(text, "source: ", metric.get("source"));
            more(text, "options: ", metric.get("options"));
        }
        text.append("\ntasks, for evaluation.task and --task:\n");
        TASKS.forEach((name, what) -> entry(text, name, what + "."));
        text.append("\nclasses of your own in SOFTQ_PLUGINS:\n");
        if (own.isEmpty()) {
            text.append("  none. A public class that implements io.softq4j.evaluation.Metric or Task is named by its class name.\n");
        }
        own.forEach(found -> entry(text, found.name(), (found.kind() == OwnClass.Kind.METRIC ? "a metric" : "a task") + ", in " + found.where()
                + (found.trouble().isEmpty() ? "" : "; " + found.trouble())));
        unreadable.forEach(entry -> wrap(text, "warning: " + entry));
        return text.toString();
    }

    private static void more(StringBuilder text, String what, Object value) {
        if (!String.valueOf(value).isEmpty()) {
            wrap(text, what + value);
        }
    }

    private static void entry(StringBuilder text, String name, String what) {
        text.append("  ").append(name).append('\n');
        wrap(text, what);
    }

    private static void wrap(StringBuilder text, String words) {
        List<String> line = new ArrayList<>();
        int length = 6;
        for (String word : words.split(" ")) {
            if (length + word.length() + 1 > WIDTH && !line.isEmpty()) {
                text.append("      ").append(String.join(" ", line)).append('\n');
                line.clear();
                length = 6;
            }
            line.add(word);
            length += word.length() + 1;
        }
        text.append("      ").append(String.join(" ", line)).append('\n');
    }
}
