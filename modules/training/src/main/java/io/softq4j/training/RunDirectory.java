package io.softq4j.training;

import io.softq4j.common.AtomicFiles;
import io.softq4j.common.FileManifest;
import io.softq4j.common.Output;
import io.softq4j.common.Sha256;
import io.softq4j.common.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * Where a run keeps what it is and makes:
 *
 * <pre>
 *   config.yaml       the configuration, as given
 *   metrics.jsonl     {@link StepMetrics} and {@link EvalMetrics}
 *   checkpoint-STEP/  {@link Checkpoint}
 *   model/            the trained model, at the end, as a Hugging Face model directory, or the adapter, as PEFT's
 * </pre>
 *
 * @param path       the directory
 * @param configYaml text of the whole configuration; a run is resumed with the same only
 * @param modelFiles what the directory of a model or adapter holds
 */
public record RunDirectory(Path path, String configYaml, ModelFiles modelFiles) {

    /** What a run writes there, which it never replaces unasked. */
    public static final Output.Earlier ENTRIES = new Output.Earlier("run that is to be replaced", path -> false,
            Pattern.compile("config\\.yaml|metrics\\.jsonl|\\.?checkpoint-\\d+(\\.old|\\.tmp)?|\\.?model(\\.old|\\.tmp)?"));

    /** {@code config.yaml}. */
    public Path config() {
        return path.resolve("config.yaml");
    }

    /** {@code metrics.jsonl}. */
    public Path metrics() {
        return path.resolve("metrics.jsonl");
    }

    /** {@code model/}. */
    public Path model() {
        return path.resolve("model");
    }

    /** sha256 of the configuration text. */
    String configHash() {
        return Sha256.of(configYaml);
    }

    /** @throws UserError if {@code path} holds a run already */
    public static void requireNone(Path path) {
        Path config = path.resolve("config.yaml");
        if (Files.exists(config)) {
            throw new UserError(path + " holds a run already (" + config + "). Resume it (--resume), choose another directory, or give --force to delete it.");
        }
    }

    /** Begins a run. */
    void create() {
        requireNone(path);
        AtomicFiles.writeString(config(), configYaml);
    }

    /** Refuses to go on where there is no run, or a run of another configuration. */
    void requireSameRun() {
        if (!Files.exists(config())) {
            throw new UserError("no run to resume in " + path + ": it has no config.yaml. Check the path, or train without resuming.");
        }
        try {
            if (!Files.readString(config()).equals(configYaml)) {
                throw new UserError("the configuration differs from " + config() + ", with which this run began. A resumed run continues bit for"
                        + " bit, so it needs the same: undo the change, or start a new run in another directory.");
            }
        } catch (IOException e) {
            throw new UserError("cannot read " + config() + ": " + e.getMessage() + ". Check its permissions and that it is UTF-8.", e);
        }
    }

    /** Refuses a checkpoint that this run and these data cannot continue. */
    void requireSame(Checkpoint checkpoint, DataSummary data) {
        TrainerState state = checkpoint.state();
        if (!state.configHash().equals(configHash())) {
            throw new UserError(checkpoint.directory() + " was saved with another configuration than " + config()
                    + ", which has been changed since. Restore it, or start a new run in another directory.");
        }
        if (state.examples() != data.examples()) {
            throw new UserError(checkpoint.directory() + " was trained on " + state.examples() + " examples, the training data now has "
                    + data.examples() + ". The data has been prepared again: restore it, or start a new run in another directory.");
        }
    }

    /** Writes {@code model/}, whole or not at all. */
    void writeModel(AdamW optimizer) {
        AtomicFiles.writeDirectory(model(), target -> {
            modelFiles.writeModel(target, Checkpoint.tensors(optimizer.parameters(), modelFiles));
            FileManifest.write(target);
        });
    }
}
