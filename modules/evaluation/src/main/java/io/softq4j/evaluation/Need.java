package io.softq4j.evaluation;

/** What a {@link Metric} cannot do without. */
public enum Need {
    /** Texts that were written for the prompt. */
    SAMPLES("samples of a model"),
    /** Two or more of them for a prompt. */
    SEVERAL_SAMPLES("two samples of a prompt or more"),
    /** What only a model that was sampled here knows: numbers of tokens, entropies, whether the end was reached. */
    TOKENS("samples drawn here, whose tokens are known"),
    /** Texts that would be right. */
    REFERENCES("references"),
    /** Two different references of some prompt or more. */
    SEVERAL_REFERENCES("two references of a prompt or more"),
    /** The model's probability of each reference. */
    LIKELIHOODS("a model that can be asked for the probability of the references");

    private final String words;

    Need(String words) {
        this.words = words;
    }

    /** In words, as the end of "needs ...". */
    public String words() {
        return words;
    }
}
