package io.softq4j.training.run;

import io.softq4j.common.AtomicFiles;
import io.softq4j.common.FileManifest;
import io.softq4j.common.Output;
import io.softq4j.common.UserError;
import io.softq4j.graph.plan.Parameters;
import io.softq4j.training.EvalMetrics;
import io.softq4j.training.StepMetrics;
import io.softq4j.training.rows.DataSummary;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Where a run keeps what it is and makes:
 *
 * <pre>
 *   config.yaml       the configuration, as given
 *   run.json          {@link RunRecord}
 *   metrics.jsonl     {@link StepMetrics} and {@link EvalMetrics}
 *   samples.jsonl     what it wrote at its evaluations, if it does
 *   baseline/         {@link BaselineFiles}, where the objective has a baseline
 *   checkpoint-STEP/  {@link Checkpoint}
 *   model/            the trained model, at the end, as a Hugging Face model directory, or the adapter, as PEFT's
 * </pre>
 *
 * @param path       the directory
 * @param configYaml text of the whole configuration
 * @param record     what of it, and of the data, must be the same when the run is resumed
 * @param modelFiles what the directory of a model or adapter holds
 */
public record RunDirectory(Path path, String configYaml, RunRecord record, ModelFiles modelFiles) {

    private static final int SHOWN = 12;


    /** What a run writes there, which it never replaces unasked. */
    public static final Output.Earlier ENTRIES = new Output.Earlier("run that is to be replaced", path -> false,
            Pattern.compile("config\\.yaml|run\\.json|(metrics|samples)\\.jsonl|\\.?checkpoint-\\d+(\\.old|\\.tmp)?"
                    + "|\\.?(model|baseline)(\\.old|\\.tmp)?"));

    /** A run that is resumed with the same configuration text only. */
    public RunDirectory(Path path, String configYaml, ModelFiles modelFiles) {
        this(path, configYaml, new RunRecord(Map.of("config.yaml", configYaml), Map.of()), modelFiles);
    }

    /** {@code config.yaml}. */
    public Path config() {
        return path.resolve("config.yaml");
    }

    /** {@code metrics.jsonl}. */
    public Path metrics() {
        return path.resolve("metrics.jsonl");
    }

    /** {@code samples.jsonl}: what a run wrote at its evaluations. */
    public Path samples() {
        return path.resolve("samples.jsonl");
    }

    /** {@code model/}. */
    public Path model() {
        return path.resolve("model");
    }

    /** Identifies all that must be the same when the run is resumed. */
    public String configHash() {
        return record.hash();
    }

    /** @throws UserError if {@code path} holds a run already */
    public static void requireNone(Path path) {
        Path config = path.resolve("config.yaml");
        if (Files.exists(config)) {
            throw new UserError(path + " holds a run already (" + config + "). Resume it (--resume), choose another directory, or give --force to delete it.");
        }
    }

    /** Begins a run. */
    public void create() {
        requireNone(path);
        keep();
    }

    /** Writes down what the run is, the configuration last: with it the run has begun. */
    public void keep() {
        record.write(path);
        AtomicFiles.writeString(config(), configYaml);
    }

    /** Refuses a directory without a run. */
    public static void requireRun(Path path) {
        if (!Files.exists(path.resolve("config.yaml"))) {
            throw new UserError("no run to resume in " + path + ": it has no config.yaml. Check the path, or train without resuming.");
        }
    }

    /** What a run is. @throws UserError where there is no run, or nothing says what it is */
    public static RunRecord record(Path path) {
        requireRun(path);
        return RunRecord.read(path).orElseThrow(() -> new UserError(path + " has no run.json, which tells of the run's data and start: it was lost, or an "
                + "earlier version began this run. Restore it, or start a new run from its newest checkpoint (--model)."));
    }

    /** Refuses to go on where there is no run, or a run of another configuration or other data. */
    public void requireSameRun() {
        requireSameRun(path, record);
    }

    /** The same before there is a model. */
    public static void requireSameRun(Path path, RunRecord record) {
        requireSameRun(path, record(path), record);
    }

    /** The same of a part of what the run in {@code path} began with. */
    public static void requireSameRun(Path path, RunRecord begun, RunRecord record) {
        List<String> differences = begun.differences(record);
        if (!differences.isEmpty()) {
            int more = differences.size() - SHOWN;
            throw new UserError("the run in " + path + " cannot go on, since a resumed run continues bit for bit and this differs:\n  "
                    + String.join("\n  ", differences.subList(0, Math.min(SHOWN, differences.size()))) + (more > 0 ? "\n  and " + more + " more" : "")
                    + "\nSet it back (--resume alone takes what the run has), or start a new run in another directory.");
        }
    }

    /** Refuses a checkpoint that this run and these data cannot continue. */
    public void requireSame(Checkpoint checkpoint, DataSummary data) {
        TrainerState state = checkpoint.state();
        if (!state.configHash().equals(configHash())) {
            throw new UserError(checkpoint.directory() + " was saved with another configuration or other data than run.json in " + path
                    + " tells of, which has been changed since. Restore it, or start a new run in another directory.");
        }
        if (state.examples() != data.examples()) {
            throw new UserError(checkpoint.directory() + " was trained on " + state.examples() + " examples, the training data now has "
                    + data.examples() + ". The data has been prepared again: restore it, or start a new run in another directory.");
        }
    }

    /** Writes {@code model/}, whole or not at all. @param step updates after which the model was as it is */
    public void writeModel(Parameters parameters, long step) {
        AtomicFiles.writeDirectory(model(), target -> {
            modelFiles.writeModel(target, Checkpoint.tensors(parameters, modelFiles), step);
            FileManifest.write(target);
        });
    }
}
