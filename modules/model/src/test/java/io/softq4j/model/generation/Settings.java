package io.softq4j.model.generation;

import java.util.List;
import java.util.function.Consumer;

/** A generation section in which a test names only what it is about; the rest is greedy decoding of six tokens. */
final class Settings {

    int maxNewTokens = 6;
    boolean doSample;
    double temperature = 1;
    int topK;
    double topP = 1;
    double minP;
    double repetitionPenalty = 1;
    int numBeams = 1;
    double lengthPenalty = 1;
    boolean earlyStopping;
    List<String> stopStrings = List.of();
    int numReturnSequences = 1;
    int batchSize = 3;
    long seed;

    private Settings() {
    }

    static GenerationConfig of(Consumer<Settings> change) {
        Settings s = new Settings();
        change.accept(s);
        return new GenerationConfig(s.maxNewTokens, s.doSample, s.temperature, s.topK, s.topP, s.minP, s.repetitionPenalty, s.numBeams, s.lengthPenalty,
                s.earlyStopping, s.stopStrings, s.numReturnSequences, s.batchSize, s.seed);
    }
}
