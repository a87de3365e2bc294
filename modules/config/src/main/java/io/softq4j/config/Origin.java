package io.softq4j.config;

import java.util.Optional;

/**
 * Where a setting was written, as errors name it.
 *
 * @param text     {@code config.yaml:12}, {@code --set training.seed=x} or {@code model/generation_config.json}
 * @param layer    which of them
 * @param assigned what was typed behind {@code --set KEY=}, for the value of that key itself
 */
public record Origin(String text, Layer layer, Optional<String> assigned) {

    /** Values that a program gives: they lie over files, as options do. */
    static final Origin PROGRAM = new Origin("set by the program", Layer.OPTION, Optional.empty());

    /** What lies over what: each over those behind it. */
    public enum Layer {
        /** {@code --set}, or what a program sets. */
        OPTION,
        /** The configuration. */
        FILE,
        /** What {@link ConfigSchema#over} put beneath it. */
        BENEATH
    }

    static Origin line(String file, int line) {
        return new Origin(file + ":" + line, Layer.FILE, Optional.empty());
    }

    static Origin option(String assignment) {
        return new Origin("--set " + assignment, Layer.OPTION, Optional.empty());
    }

    static Origin beneath(String where) {
        return new Origin(where, Layer.BENEATH, Optional.empty());
    }

    Origin assigning(String value) {
        return new Origin(text, layer, Optional.of(value));
    }

    /** The file or the option, without line or value. */
    public String source() {
        return switch (layer) {
            case OPTION -> this == PROGRAM ? text : "--set";
            case FILE -> text.replaceFirst(":\\d+$", "");
            case BENEATH -> text;
        };
    }

    @Override
    public String toString() {
        return text;
    }
}
