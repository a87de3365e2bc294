package io.softq4j.workflow;

import io.softq4j.common.Mistakes;
import io.softq4j.common.UserError;
import io.softq4j.config.ConfigFile;
import io.softq4j.training.run.RunDirectory;
import io.softq4j.training.run.RunRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

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

    /**
     * Where its rows come from if no directory is given: from where they came, or, if that is gone, from the corpus of the configuration, prepared again.
     *
     * @param mistakes have what is set of data and tokenizer if it makes other rows, which a run cannot go on with
     */
    DataSource source(ConfigFile config, Mistakes mistakes) {
        mistakes.check(() -> RunIdentity.requireSameKeys(path, record, config, Set.of("data", "tokenizer")));
        List<StorePath> data = data();
        if (data.isEmpty() || !data.stream().allMatch(store -> Files.isDirectory(store.directory()))) {
            return new DataSource(List.of());
        }
        List<String> files = RunIdentity.FILES.stream().filter(key -> config.assigned(key.replaceFirst("\\..*", "")).contains(key)).toList();
        if (!files.isEmpty()) {
            mistakes.check(() -> requireMadeOf(data, config, files));
        }
        return new DataSource(data);
    }

    private void requireMadeOf(List<StorePath> data, ConfigFile config, List<String> files) {
        if (data.size() > 1 || !PreparedData.isMadeOf(data.get(0).directory(), config)) {
            throw new UserError("the run in " + path + " cannot go on with " + files.stream().map(key -> key + " " + config.value(key).orElse("null"))
                    .collect(Collectors.joining(" and ")) + ": its rows are of " + data.stream().map(store -> store.directory().toString())
                    .collect(Collectors.joining(", ")) + ", made of other files. --resume alone takes the rows of the run. If these files hold the "
                    + "same, prepare them (softq prepare) and give --data DIR.");
        }
    }

    /** What the weights were at first, where it is not said. */
    public Start start() {
        return RunIdentity.start(record);
    }
}
