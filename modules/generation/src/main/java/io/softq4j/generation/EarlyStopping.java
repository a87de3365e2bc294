package io.softq4j.generation;

/** When a beam search ends that has as many finished hypotheses as beams; {@link BeamDecoding} has the rules. */
public enum EarlyStopping {

    /** If no open hypothesis, ended at its length of now, would be better than the worst finished one: a heuristic. */
    FALSE,

    /** At once. */
    TRUE,

    /** If no open hypothesis could become better at any length up to the limit, as long as its tokens cost it nothing more. */
    NEVER
}
