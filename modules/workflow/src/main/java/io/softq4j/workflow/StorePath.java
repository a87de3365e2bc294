package io.softq4j.workflow;

import io.softq4j.common.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A directory of prepared data, and how often its turn comes where a run takes its rows from several.
 *
 * @param directory what {@code softq prepare} made
 * @param weight    relative to the others
 */
public record StorePath(Path directory, double weight) {

    private static final Pattern WEIGHTED = Pattern.compile("(.+):([-+]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][-+]?\\d+)?)");

    /** With weight 1. */
    public StorePath(Path directory) {
        this(directory, 1);
    }

    /**
     * {@code DIR} or {@code DIR:WEIGHT}; without a weight it is 1. A directory of that very name is meant, if there is one.
     *
     * @throws UserError if what follows the colon after a directory is no number
     */
    public static StorePath parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon > 0 && !WEIGHTED.matcher(text).matches() && !Files.isDirectory(Path.of(text)) && Files.isDirectory(Path.of(text.substring(0, colon)))) {
            throw new UserError("--data " + text + ": the weight after the colon must be a number above 0, such as " + text.substring(0, colon)
                    + ":3, was '" + text.substring(colon + 1) + "'");
        }
        Matcher weighted = WEIGHTED.matcher(text);
        return !weighted.matches() || Files.isDirectory(Path.of(text)) ? new StorePath(Path.of(text))
                : new StorePath(Path.of(weighted.group(1)), Double.parseDouble(weighted.group(2)));
    }
}
