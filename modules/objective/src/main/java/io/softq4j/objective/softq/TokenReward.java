package io.softq4j.objective.softq;

/**
 * The reward that a model, read as soft Q-values, gives one token of a response, with what it is made of (arXiv 2409.01369; the inverse soft Bellman
 * operator of Garg et al. 2021, arXiv 2106.12142):
 *
 * <pre>
 *   r_t = Q(s_t, x_t) - gamma V(s_{t+1})        V(s) = tau logsumexp(z / tau), 0 in the state that the last token of an episode leads to
 * </pre>
 *
 * <p>A model trained by maximum likelihood alone has rewards too, but their level is arbitrary: softmax does not fix that of the logits.
 *
 * @param row      of the batch
 * @param position in the row: the token is its target
 * @param token    x_t
 * @param q        Q(s_t, x_t), its logit
 * @param value    V(s_t), before it
 * @param next     V(s_{t+1}), after it; 0 if it ends the episode
 * @param reward   r_t
 */
public record TokenReward(int row, int position, int token, double q, double value, double next, double reward) {

    /** Its advantage Q(s_t, x_t) - V(s_t), which is tau log pi(x_t | s_t), nats times tau. */
    public double advantage() {
        return q - value;
    }
}
