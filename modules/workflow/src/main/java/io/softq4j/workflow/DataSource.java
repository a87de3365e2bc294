package io.softq4j.workflow;

import io.softq4j.common.Inputs;
import io.softq4j.common.Mistakes;
import io.softq4j.config.ConfigFile;
import io.softq4j.data.DataConfig;
import io.softq4j.data.read.CorpusFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where the examples of a run or a study come from.
 *
 * @param directories that were prepared before; without one the corpus of the configuration is prepared, once, into a cache
 */
record DataSource(List<StorePath> directories) {

    /** Finds out whether there are data at all. */
    void check(ConfigFile config, Mistakes mistakes) {
        if (!directories.isEmpty()) {
            mistakes.check(() -> PreparedData.open(directories, config));
        } else if (!config.states("data.train")) {
            mistakes.add("no data: give --data DIR, which softq prepare made, or a corpus to prepare: --set data.train=FILE");
        } else {
            DataConfig data = config.section(DataConfig.class);
            Stream.of(data.train(), data.validation()).forEach(files -> mistakes.check(() -> CorpusFiles.find(files, data.format())));
        }
    }

    /** What {@link #open} reads. */
    Inputs inputs(ConfigFile config) {
        return directories.isEmpty() ? PreparedData.inputs(config) : Inputs.of(directories.stream().map(StorePath::directory).toArray(Path[]::new));
    }

    /** The data, prepared unless they are there. */
    PreparedData open(ConfigFile config, WorkListener progress) {
        if (directories.isEmpty()) {
            return PreparedData.cached(config, progress);
        }
        PreparedData prepared = PreparedData.open(directories, config);
        prepared.warnOfOtherSettings(config);
        return prepared;
    }
}
