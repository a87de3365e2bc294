package io.softq4j.evaluation;

/**
 * What a model makes of one reference after its prompt, without sampling.
 *
 * @param nll     sum over its tokens of -log p(token | all before it), nats
 * @param tokens  how many, the end token included where the model learns it
 * @param bytes   of the text in UTF-8
 * @param correct tokens that were the likeliest
 */
public record Likelihood(double nll, int tokens, long bytes, int correct) {

    public Likelihood {
        if (tokens < 0 || bytes < 0 || correct < 0 || correct > tokens) {
            throw new IllegalArgumentException("likelihood of " + tokens + " tokens, " + bytes + " bytes, " + correct + " of them the likeliest");
        }
    }
}
