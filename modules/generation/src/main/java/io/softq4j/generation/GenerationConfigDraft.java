package io.softq4j.generation;

import java.util.List;
import java.util.Optional;

/** A {@link GenerationConfig} while it is changed, see {@link GenerationConfig#with}. The fields are its components. */
public final class GenerationConfigDraft {

    public int maxNewTokens;
    public int maxLength;
    public int minNewTokens;
    public int minLength;
    public boolean doSample;
    public double temperature;
    public int topK;
    public double topP;
    public double minP;
    public double typicalP;
    public double epsilonCutoff;
    public double etaCutoff;
    public double repetitionPenalty;
    public int noRepeatNgramSize;
    public List<List<Integer>> badWordsIds;
    public List<Integer> suppressTokens;
    public List<Integer> beginSuppressTokens;
    public Optional<Integer> forcedBosTokenId;
    public List<Integer> forcedEosTokenId;
    public List<Double> exponentialDecayLengthPenalty;
    public boolean renormalizeLogits;
    public int numBeams;
    public double lengthPenalty;
    public EarlyStopping earlyStopping;
    public List<String> stopStrings;
    public int numReturnSequences;
    public int batchSize;
    public long seed;

    GenerationConfigDraft(GenerationConfig from) {
        maxNewTokens = from.maxNewTokens();
        maxLength = from.maxLength();
        minNewTokens = from.minNewTokens();
        minLength = from.minLength();
        doSample = from.doSample();
        temperature = from.temperature();
        topK = from.topK();
        topP = from.topP();
        minP = from.minP();
        typicalP = from.typicalP();
        epsilonCutoff = from.epsilonCutoff();
        etaCutoff = from.etaCutoff();
        repetitionPenalty = from.repetitionPenalty();
        noRepeatNgramSize = from.noRepeatNgramSize();
        badWordsIds = from.badWordsIds();
        suppressTokens = from.suppressTokens();
        beginSuppressTokens = from.beginSuppressTokens();
        forcedBosTokenId = from.forcedBosTokenId();
        forcedEosTokenId = from.forcedEosTokenId();
        exponentialDecayLengthPenalty = from.exponentialDecayLengthPenalty();
        renormalizeLogits = from.renormalizeLogits();
        numBeams = from.numBeams();
        lengthPenalty = from.lengthPenalty();
        earlyStopping = from.earlyStopping();
        stopStrings = from.stopStrings();
        numReturnSequences = from.numReturnSequences();
        batchSize = from.batchSize();
        seed = from.seed();
    }

    GenerationConfig build() {
        return new GenerationConfig(maxNewTokens, maxLength, minNewTokens, minLength, doSample, temperature, topK, topP, minP, typicalP,
                epsilonCutoff, etaCutoff, repetitionPenalty, noRepeatNgramSize, badWordsIds, suppressTokens, beginSuppressTokens,
                forcedBosTokenId, forcedEosTokenId, exponentialDecayLengthPenalty, renormalizeLogits, numBeams, lengthPenalty,
                earlyStopping, stopStrings, numReturnSequences, batchSize, seed);
    }
}
