package io.softq4j.generation;

import java.util.function.Consumer;

/** A generation section in which a test names only what it is about; the rest is greedy decoding of six tokens. */
final class Settings {

    private Settings() {
    }

    static GenerationConfig of(Consumer<GenerationConfig.Draft> change) {
        return GenerationConfig.greedy(6).with(s -> {
            s.batchSize(3);
            s.seed(0);
            change.accept(s);
        });
    }
}
