package io.softq4j.sweep;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One training run of a sweep. Everything about it follows from the study and its index, whatever else runs or has run.
 *
 * @param index      from 0, in the order of the plan
 * @param parameters from dotted configuration keys to their values (Long, Double, String or Boolean), in the order of the sweep's configuration
 * @param seed       of this run
 * @param directory  of this run, as {@code OUT/trial-003-lambda=0.1-seed=2}; its number is the index, unless the study has grown since
 */
public record Trial(int index, Map<String, Object> parameters, long seed, Path directory) {

    public Trial {
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    }

    /** The parameters in short, shared by the trials that differ only in their seed: {@code lambda=0.1}. */
    public String setting() {
        return Labels.setting(parameters);
    }

    /** This trial in the directory {@code name} beside its own. */
    Trial in(String name) {
        return new Trial(index, parameters, seed, directory.resolveSibling(name));
    }

    /** This trial in a directory with another number than its index. */
    Trial numbered(int number) {
        return in(Labels.directory(number, parameters, seed));
    }

    /** The name of its directory. */
    public String name() {
        return directory.getFileName().toString();
    }
}
