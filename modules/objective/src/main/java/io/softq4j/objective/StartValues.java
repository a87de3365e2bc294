package io.softq4j.objective;

/**
 * What an objective must know of the model that a run starts from before the first step: its values V = tau logsumexp(z / tau) of the
 * rows it will learn
 * from, as {@link Batch#baseline}.
 *
 * @param tau      temperature of the value
 * @param constant whether one number is enough, the mean of V at the rows that predict the end of a response; else V of every row is needed
 */
public record StartValues(double tau, boolean constant) {
}
