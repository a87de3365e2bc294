package io.softq4j.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Corpora in the shape of GSM8K, invented here. */
final class Rows {

    static final DataConfig GSM8K = DataConfig.defaults().with(d -> d.prompt("Question: {question}\nAnswer:").response(" {answer}"));

    private Rows() {
    }

    /** A configuration that learns from one file. */
    static DataConfig of(Path train, DataConfig data) {
        return data.with(d -> d.train(List.of(train.toString())));
    }

    static String row(int i) {
        int eggs = 3 + i % 17;
        return String.format(Locale.ROOT,
                "{\"question\": \"Mara has %d hens. Each lays %d eggs a week. How many eggs are laid in %d weeks?\", "
                + "\"answer\": \"Each week there are %d*%d=<<%d*%d=%d>>%d eggs.\\nIn all %d*%d=<<%d*%d=%d>>%d eggs.\\n#### %d\"}",
                eggs, 5, 1 + i % 4, eggs, 5, eggs, 5, 5 * eggs, 5 * eggs, 5 * eggs, 1 + i % 4, 5 * eggs, 1 + i % 4, 5 * eggs * (1 + i % 4),
                5 * eggs * (1 + i % 4), 5 * eggs * (1 + i % 4));
    }

    static Path file(Path directory, String name, int rows) throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < rows; i++) {
            text.append(row(i)).append('\n');
        }
        return Files.writeString(directory.resolve(name), text);
    }
}
