package io.softq4j.workflow;

import com.fasterxml.jackson.databind.JsonNode;
import io.softq4j.common.Json;
import io.softq4j.common.UserError;
import io.softq4j.evaluation.EvaluationReport;
import io.softq4j.evaluation.SamplerSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What lies behind the path of a side. */
final class ComparedFiles {

    private static final Pattern REPORT = Pattern.compile("report-(.*)\\.json");
    private static final Pattern SAMPLES = Pattern.compile("samples-(.*)\\.jsonl");
    private static final String METRICS = "metrics.jsonl";

    /** Of a curve; more are not seen in a picture. */
    private static final int POINTS = 400;
    /** What else a line of metrics.jsonl says is not what was learned. */
    private static final Pattern LEARNED = Pattern.compile("loss|nll|td|entropy|eval_.*");

    private ComparedFiles() {
    }

    /**
     * The file of texts that a path stands for; empty for a model.
     *
     * @throws UserError if there is nothing, or several files and none is named
     */
    static Optional<Path> texts(Path path) {
        if (!Files.exists(path)) {
            throw new UserError("there is nothing at " + path + ". Give a run, a model, a directory of softq evaluate, or a file of texts.");
        }
        if (Files.isDirectory(path)) {
            List<Path> samples = samples(path);
            if (samples.isEmpty() && !reports(path).isEmpty()) {
                throw new UserError(path + " has reports and no samples-*.jsonl. Values alone are not compared: by which items they differ is in the samples. "
                        + "Evaluate again with --out.");
            }
            if (samples.size() > 1) {
                throw new UserError(path + " has samples of several samplers: " + String.join(", ", samples.stream()
                        .map(file -> file.getFileName().toString())
                        .toList()) + ". Name one of the files.");
            }
            return samples.stream().findFirst();
        }
        Matcher report = REPORT.matcher(path.getFileName().toString());
        if (!report.matches()) {
            return Optional.of(path);
        }
        Path samples = path.resolveSibling("samples-" + report.group(1) + ".jsonl");
        if (!Files.exists(samples)) {
            throw new UserError(path + " has no " + samples.getFileName() + " beside it. Values alone are not compared: by which items they differ is in the "
                    + "samples. Evaluate again with --out.");
        }
        return Optional.of(samples);
    }

    private static List<Path> samples(Path directory) {
        return named(directory, SAMPLES);
    }

    private static List<Path> reports(Path directory) {
        return named(directory, REPORT);
    }

    private static List<Path> named(Path directory, Pattern name) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> name.matcher(file.getFileName().toString()).matches()).sorted().toList();
        } catch (IOException e) {
            throw new UserError("cannot read " + directory + ": " + e.getMessage() + ". Check its permissions.", e);
        }
    }

    /** How samples were drawn, by the report beside them. */
    static Optional<SamplerSettings> sampler(Path samples) {
        Matcher name = SAMPLES.matcher(samples.getFileName().toString());
        Path report = name.matches() ? samples.resolveSibling("report-" + name.group(1) + ".json") : samples;
        return name.matches() && Files.exists(report) ? Optional.ofNullable(EvaluationReport.read(report).sampler()) : Optional.empty();
    }

    /** The run that a model belongs to: the directory itself, or the one it is in. */
    static Optional<Path> run(Path model) {
        return Stream.of(model, model.toAbsolutePath().getParent()).filter(directory -> directory != null
                && Files.exists(directory.resolve(METRICS))).findFirst();
    }

    /** What was learned in the runs. */
    static List<ComparisonResult.Curve> curves(List<ComparedSide> sides) {
        List<ComparisonResult.Curve> curves = new ArrayList<>();
        for (ComparedSide side : sides) {
            side.run().ifPresent(run -> read(run.resolve(METRICS)).forEach((key, points) -> curves.add(new ComparisonResult.Curve(side.name(), key,
                    thinned(points)))));
        }
        return curves;
    }

    private static Map<String, List<double[]>> read(Path file) {
        Map<String, List<double[]>> curves = new LinkedHashMap<>();
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode row = Json.STRICT.readTree(line);
                double step = row.path("step").asDouble();
                row.properties().stream().filter(entry -> entry.getValue().isNumber()
                        && LEARNED.matcher(entry.getKey()).matches()).forEach(entry ->
                        curves.computeIfAbsent(entry.getKey(), key -> new ArrayList<>()).add(new double[] {step,
                                entry.getValue().doubleValue()}));
            }
        } catch (IOException e) {
            throw new UserError("cannot read " + file + ": " + e.getMessage() + ". It is the log of a run, a JSON object in each line.", e);
        }
        return curves;
    }

    private static List<double[]> thinned(List<double[]> points) {
        int each = (points.size() + POINTS - 1) / POINTS;
        List<double[]> kept = new ArrayList<>();
        for (int i = 0; i < points.size(); i++) {
            if (i % each == 0 || i == points.size() - 1) {
                kept.add(points.get(i));
            }
        }
        return kept;
    }

    /** How samples were drawn, in words. */
    static String words(SamplerSettings sampler) {
        return "temperature " + sampler.temperature() + (sampler.topK() > 0 ? ", top_k " + sampler.topK() : "")
                + (sampler.topP() < 1 ? ", top_p " + sampler.topP()
                : "") + (sampler.minP() > 0 ? ", min_p " + sampler.minP() : "")
                + (sampler.repetitionPenalty() != 1 ? ", repetition_penalty " + sampler.repetitionPenalty() : "")
                + (sampler.stopStrings().isEmpty() ? "" : ", stop_strings " + sampler.stopStrings())
                + (sampler.maxNewTokens() > 0 ? ", max_new_tokens " + sampler.maxNewTokens() : "")
                + sampler.rules().entrySet().stream().map(rule -> ", " + rule.getKey() + " " + rule.getValue()).collect(Collectors.joining())
                + ", seed " + sampler.seed() + ", " + sampler.n()
                + " of each prompt";
    }
}
