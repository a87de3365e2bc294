/**
 * SameDiff graphs, differentiated, planned and run without allocation. Knows nothing of language.
 *
 * <p>{@link io.softq4j.graph.Ops} is the vocabulary model code is written in; {@link io.softq4j.graph.Gradients} adds the backward graph;
 * {@link io.softq4j.graph.plan.Plan} fixes shapes and memory and runs it.
 */
package io.softq4j.graph;
