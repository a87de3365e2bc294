package io.softq4j.cli.quickstart;

import io.softq4j.common.AtomicFiles;
import io.softq4j.common.Streams;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Writes the corpus: demonstrations of most walks to learn from, and the walks that were kept back to be judged on. */
public final class WalkCorpus {

    private static final int DEMONSTRATIONS = 600;

    /** Of each walk to be judged on: how often the expert does the same twice is what a model's samples are held against. */
    private static final int ANSWERS = 16;

    /** One walk in so many is kept back. */
    private static final int KEPT_BACK = 4;

    private WalkCorpus() {
    }

    /** Writes {@code train.jsonl} and {@code test.jsonl}; the same seed gives the same files. */
    public static void write(Path directory, long seed) {
        SplittableRandom random = Streams.of("walks", seed);
        List<Walk> walks = new ArrayList<>(Walk.all());
        for (int i = walks.size() - 1; i > 0; i--) {
            java.util.Collections.swap(walks, i, random.nextInt(i + 1));
        }
        List<Walk> test = walks.subList(0, walks.size() / KEPT_BACK);
        List<Walk> train = walks.subList(walks.size() / KEPT_BACK, walks.size());
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < DEMONSTRATIONS; i++) {
            Walk walk = train.get(random.nextInt(train.size()));
            append(lines, walk, walk.demonstration(random));
        }
        AtomicFiles.writeString(directory.resolve("train.jsonl"), lines.toString());
        StringBuilder kept = new StringBuilder();
        for (Walk walk : test) {
            for (int i = 0; i < ANSWERS; i++) {
                append(kept, walk, walk.demonstration(random));
            }
        }
        AtomicFiles.writeString(directory.resolve("test.jsonl"), kept.toString());
    }

    private static void append(StringBuilder lines, Walk walk, String response) {
        lines.append("{\"prompt\": \"").append(walk.prompt()).append("\", \"response\": \"").append(response).append("\"}\n");
    }
}
