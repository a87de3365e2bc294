package io.softq4j.workflow;

import io.softq4j.common.AtomicFiles;
import io.softq4j.common.Output;
import io.softq4j.data.RenderedRecord;
import io.softq4j.evaluation.EvaluationReport;
import io.softq4j.evaluation.Origin;
import io.softq4j.evaluation.ReportPage;
import io.softq4j.evaluation.SamplerPoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** What {@code softq evaluate --out} writes into a directory, and what of it may be replaced. */
final class EvaluationFiles {

    /** What {@code softq evaluate} may replace in a directory. */
    static final Output.Earlier EARLIER = new Output.Earlier("reports and samples by softq evaluate", EvaluationFiles::isIn,
            Pattern.compile("(report|samples)(-.*)?\\.jsonl?|report\\.html"));

    private static final String PAGE = "report.html";

    private EvaluationFiles() {
    }

    /** @param clear whether what is in the directory is replaced as a whole */
    static void write(Output output, boolean clear, List<Drawn> judged) {
        if (clear) {
            output.clear(EARLIER.names());
        }
        Path out = output.path();
        List<EvaluationReport> reports = judged.stream().map(drawn -> drawn.judgement().report()).toList();
        List<SamplerPoint> samplers = reports.stream().filter(report -> report.sampler() != null).map(report -> SamplerPoint.of(report.sampler())).toList();
        for (Drawn drawn : judged) {
            EvaluationReport report = drawn.judgement().report();
            String suffix = report.sampler() == null ? "" : "-" + SamplerPoint.of(report.sampler()).fileName(samplers);
            if (report.counts().samples() > 0) {
                AtomicFiles.writeString(out.resolve("samples" + suffix + ".jsonl"), SampleLines.of(drawn));
            }
            report.write(out.resolve("report" + suffix + ".json"));
        }
        AtomicFiles.writeString(out.resolve(PAGE), page(judged, reports));
    }

    private static String page(List<Drawn> judged, List<EvaluationReport> reports) {
        EvaluationReport first = reports.get(0);
        List<String> about = new ArrayList<>(List.of(first.model().path() + ", sha256 " + first.model().sha256()));
        if (first.data() != null) {
            first.data().files().forEach(file -> about.add(file.path() + ", sha256 " + file.sha256()));
            about.add("rows " + first.data().rows());
        }
        return ReportPage.of("Evaluation of " + first.model().path(), about, EvaluationTable.below(reports), EvaluationTable.names(reports),
                judged.stream().map(Drawn::judgement).toList(), judged.get(0).prompts().stream().map(RenderedRecord::where).toList());
    }

    private static boolean isPage(Path file) {
        try {
            return Files.readString(file).contains("<title>softq evaluate</title>");
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isIn(Path directory) {
        return Output.at(directory).entries(EARLIER.names()).stream()
                .allMatch(file -> file.endsWith(PAGE) ? isPage(file) : file.toString().endsWith(".jsonl") ? SampleLines.areIn(file) : isReport(file));
    }

    /** Reports of something else in a directory for reports: what is written there would stand beside them as if they belonged together. */
    static Optional<String> reportOfAnother(Path directory, Supplier<Origin> judged) {
        List<Path> there = Output.at(directory).entries(EARLIER.names()).stream().filter(EvaluationFiles::isReport).toList();
        if (there.isEmpty()) {
            return Optional.empty();
        }
        Origin own = judged.get();
        for (Path file : there) {
            Origin other = EvaluationReport.read(file).model();
            if (other != null && !other.sha256().equals(own.sha256())) {
                return Optional.of(directory + " holds reports of another model: " + file.getFileName() + " is of " + other.path() + " (sha256 "
                        + other.sha256() + "), this is " + own.path() + " (" + own.sha256() + ").");
            }
        }
        return Optional.empty();
    }

    private static boolean isReport(Path file) {
        try {
            EvaluationReport.parse(Files.readString(file));
            return true;
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }
}
