package io.softq4j.cli.config;

/**
 * Where a setting was written, as errors name it.
 *
 * @param text {@code config.yaml:12} or {@code --set training.seed=x}
 */
record Origin(String text) {

    static Origin line(String file, int line) {
        return new Origin(file + ":" + line);
    }

    static Origin option(String assignment) {
        return new Origin("--set " + assignment);
    }

    @Override
    public String toString() {
        return text;
    }
}
