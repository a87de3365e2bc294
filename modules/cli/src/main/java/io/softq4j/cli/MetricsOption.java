package io.softq4j.cli;

import io.softq4j.workflow.Configuration;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** {@code --metric}, of the commands that judge. */
final class MetricsOption {

    @Option(names = {"-m", "--metric"}, paramLabel = "NAME", description = "What to measure, such as bleu or {bleu: {tokenize: intl}}; any number of times; "
            + "short for evaluation.metrics.")
    private List<String> metrics = List.of();

    /** With these in place of those of the configuration, if any is given. */
    Configuration in(Configuration configuration) {
        return metrics.isEmpty() ? configuration : configuration.set(metrics.stream().map(MetricsOption::item)
                .collect(Collectors.joining(", ", "evaluation.metrics=[", "]")));
    }

    /** A name as it is, whatever YAML would take it for; options as YAML. */
    private static String item(String metric) {
        return metric.startsWith("{") ? metric : "'" + metric.replace("'", "''") + "'";
    }
}
