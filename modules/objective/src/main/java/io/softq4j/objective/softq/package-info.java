/**
 * This package implements maximum likelihood and inverse soft-Q-learning over the logits of any {@link io.softq4j.model.ModelGraph}.
 *
 * <p>Source: Wulfmeier et al., "Imitating Language via Scalable Inverse Reinforcement Learning", NeurIPS 2024, arXiv 2409.01369; symbols as there.
 */
package io.softq4j.objective.softq;
