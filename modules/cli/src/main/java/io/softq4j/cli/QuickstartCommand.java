package io.softq4j.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.softq4j.cli.quickstart.WalkCorpus;
import io.softq4j.common.AtomicFiles;
import io.softq4j.common.Exclusive;
import io.softq4j.common.Json;
import io.softq4j.common.Output;
import io.softq4j.common.UserError;
import io.softq4j.onnx.ParityReport;
import io.softq4j.sweep.TrialRecord;
import io.softq4j.sweep.TrialStatus;
import io.softq4j.workflow.Configuration;
import io.softq4j.workflow.Export;
import io.softq4j.workflow.Study;
import io.softq4j.workflow.StudyResult;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code softq quickstart}. */
@Command(name = "quickstart", mixinStandardHelpOptions = true, versionProvider = Version.class,
        header = "Everything once, on a corpus of its own: prepare, sweep lambda, evaluate, draw the frontier, export.",
        description = "%nThe corpus asks for walks (walk 3 east 2 north:), which have many right answers; the expert who shows them has "
                + "habits. Models are judged on "
                + "walks they were never shown. The picture sets accuracy against calibration, how close the diversity of the answers is "
                + "to the expert's, for maximum likelihood (lambda 0) and for "
                + "inverse soft-Q-learning, each at several sampling temperatures, with error bars over seeds.%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  # two to five minutes on two cores, into runs/quickstart",
            "  softq quickstart",
            "  # one minute: one seed, a short training; shows the way, not the result",
            "  softq quickstart --fast --out /tmp/q"
        })
final class QuickstartCommand implements Callable<Integer>, Computes {

    private static final String MARKER = "quickstart.json";

    /** A minute: what is left out is what makes the result worth anything. */
    private static final List<String> FAST = List.of("training.max_steps=200", "objective.mle_warmup_steps=50", "objective.lambda_ramp_steps=20",
            "training.warmup_steps=20", "evaluation.samples=8", "evaluation.temperatures=[0.7, 1.0, 1.3]", "evaluation.pass_at_k=[1, 8]",
            "sweep.parameters={objective.lambda: [0, 0.5]}", "sweep.seeds=[1]");

    private static final Output.Earlier EARLIER = new Output.Earlier("quickstart by softq (" + MARKER + ")", path -> Files.exists(path.resolve(MARKER)));

    @Option(names = {"-o", "--out"}, defaultValue = "runs/quickstart", paramLabel = "DIR", description = "Where everything goes "
            + "(default: ${DEFAULT-VALUE}).")
    private Path out;

    @Option(names = "--seed", defaultValue = "1", paramLabel = "N", description = "Of the corpus and, counted up from it, of the runs "
            + "(default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--fast", description = "One minute: one seed, a short training.")
    private boolean fast;

    @Mixin
    private JsonResults results;

    @Spec
    private CommandSpec spec;

    private QuickstartCommand() {
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter writer = spec.commandLine().getOut();
        Path configFile = out.resolve("config.yaml");
        Configuration configuration = Configuration.of(configFile).set(fast ? FAST : List.of())
                .set("data.train=" + out.resolve("corpus/train.jsonl"))
                .set("data.validation=" + out.resolve("corpus/test.jsonl"))
                .set("generation.seed=" + seed)
                .set("sweep.seeds=" + (fast ? List.of(seed) : List.of(seed, seed + 1, seed + 2)));
        try (Exclusive alone = Exclusive.alone(out)) {    // from then on the study holds it
            claim();
            AtomicFiles.writeString(configFile, defaultConfig());
            writer.println("1. corpus: walks with many right answers, in " + out.resolve("corpus"));
            WalkCorpus.write(out.resolve("corpus"), seed);
            writer.println("2. prepare: tokens, in " + out.resolve("data"));
            PrepareCommand.prepare(configuration, Output.at(out.resolve("data")), writer);
        }
        writer.println("3. sweep lambda, several seeds, several sampling temperatures");
        String title = "Walks: accuracy against calibrated diversity";
        StudyResult study = SweepCommand.run(new Study(configuration).data(out.resolve("data")).title(title), configuration, Output.at(out), writer,
                spec.commandLine().getErr());
        if (study.summary().count(TrialStatus.FAILED) > 0) {
            throw new UserError("trials failed, see " + out.resolve("sweep.json") + "; the same command runs them again");
        }
        TrialRecord best = study.summary().best().orElseThrow();
        writer.println("4. export the best trial: " + best.trial().name());
        ParityReport parity = Export.run(best.trial().directory(), out.resolve("onnx"));
        writer.printf(Locale.ROOT, "onnxruntime agrees within %.1e%n", parity.maxDifference());
        report(study, best, parity);
        writer.printf(Locale.ROOT, "%nWhere everything lies:%n");
        for (String line : List.of(
                "frontier.png  the picture",
                "report.json   what was found",
                "sweep.json    every trial",
                "trial-*       a run directory each: metrics, model",
                "onnx          the best model, for ONNX Runtime",
                "config.yaml   what to change next")) {
            writer.println("  " + out + "/" + line);
        }
        writer.println("Try: " + System.getProperty("softq.command", "softq") + " generate " + best.trial().directory() + " --prompt 'walk 3 east 2 north:' --set "
                + "generation.num_return_sequences=5");
        return 0;
    }

    /** A directory with something else in it is not ours to fill; one with this very quickstart is gone on with. */
    private void claim() throws IOException {
        Path marker = out.resolve(MARKER);
        String own = "{\"seed\": " + seed + ", \"fast\": " + fast + "}\n";
        if (Files.exists(marker)) {
            String other = Files.readString(marker);
            if (!other.equals(own)) {
                throw new UserError(out + " holds the quickstart " + other.strip() + ", this is " + own.strip() + ". Choose another "
                        + "--out, or delete it.");
            }
        } else {
            Output.at(out).requireDirectory(EARLIER);
        }
        AtomicFiles.writeString(marker, own);
    }

    private static String defaultConfig() throws IOException {
        try (InputStream in = QuickstartCommand.class.getResourceAsStream("/quickstart/config.yaml")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private void report(StudyResult study, TrialRecord best, ParityReport parity) throws JsonProcessingException {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("seed", seed);
        report.put("fast", fast);
        report.put("best_trial", best.trial().name());
        report.put("onnx_max_difference", parity.maxDifference());
        report.put("frontier", Json.STRICT.readTree(study.frontier().toJson()));
        results.set(report);
        results.put("out", out);
        AtomicFiles.writeString(out.resolve("report.json"), Json.pretty(report));
    }
}
