package io.softq4j.benchmark;

import io.softq4j.cli.benchmark.EngineBenchmark;
import io.softq4j.common.AtomicFiles;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** {@code softq benchmark engine}. */
public final class EngineMeasurements implements EngineBenchmark {

    /** For the service loader. */
    public EngineMeasurements() {
    }

    @Override
    public void run(Options options, PrintWriter out, PrintWriter err) {
        List<Measure> measures = Measures.named(options.measures());
        Processes processes = Processes.fromLauncher();
        List<Row> rows = new ArrayList<>();
        for (Measure measure : measures) {
            err.println("softq: measuring " + measure.name());
            rows.addAll(measure.run(processes, options.steps()));
        }
        Report report = new Report(rows);
        options.json().ifPresent(file -> AtomicFiles.writeString(file, report.json()));
        out.print(report.table());
        out.flush();
    }
}
