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

    /** What lies over what: each over those behind it. */
    public enum Layer {
        /** {@code --set}. */
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
            case OPTION -> "--set";
            case FILE -> text.replaceFirst(":\\d+$", "");
            case BENEATH -> text;
        };
    }

    @Override
    public String toString() {
        return text;
    }
}
