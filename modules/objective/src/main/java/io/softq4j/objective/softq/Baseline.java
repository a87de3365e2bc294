package io.softq4j.objective.softq;

/**
 * What is taken from the logits of a row before the TD residual reads them as values, Q = z - b. Softmax does not see it, so the policy
 * is the same; the
 * level of a model that is trained already, which maximum likelihood never fixed, is then not what the residual pulls at first.
 */
public enum Baseline {
    /** Nothing: Q = z, as in arXiv 2409.01369. */
    NONE,
    /** One number: the mean value, at the rows that predict the end of a response, of the model that the run starts from. */
    CONSTANT,
    /** The value of each row under the model that the run starts from, which stays as it was: Q begins as tau log pi, V as 0. */
    BASE_MODEL
}
