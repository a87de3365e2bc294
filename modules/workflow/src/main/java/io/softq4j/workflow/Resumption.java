package io.softq4j.workflow;

import io.softq4j.training.run.RunDirectory;
import io.softq4j.training.run.RunRecord;
import java.nio.file.Path;
import java.util.List;

/**
 * A run that is to go on: what it was given at first stands for what is not given again.
 *
 * @param path   the run directory
 * @param record of what it is, and where that lies; of a run by an earlier version, nothing
 */
record Resumption(Path path, RunRecord record) {

    /** @throws io.softq4j.common.UserError if there is no run */
    public static Resumption of(Path path) {
        return new Resumption(path, RunDirectory.record(path));
    }

    /** The configuration that lies under what is given now. */
    public Path config() {
        return path.resolve("config.yaml");
    }

    /** The directories of the data with their weights, if none is given. */
    public List<StorePath> data() {
        return RunIdentity.data(record);
    }

    /** What the weights were at first, where it is not said. */
    public Start start() {
        return RunIdentity.start(record);
    }
}
