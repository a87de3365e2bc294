package io.softq4j.cli.config;

import java.util.Optional;

/**
 * Where a setting was written, as errors name it.
 *
 * @param text     {@code config.yaml:12} or {@code --set training.seed=x}
 * @param assigned what was typed behind {@code --set KEY=}, for the value of that key itself
 */
record Origin(String text, Optional<String> assigned) {

    Origin(String text) {
        this(text, Optional.empty());
    }

    static Origin line(String file, int line) {
        return new Origin(file + ":" + line);
    }

    static Origin option(String assignment) {
        return new Origin("--set " + assignment);
    }

    Origin assigning(String value) {
        return new Origin(text, Optional.of(value));
    }

    @Override
    public String toString() {
        return text;
    }
}
