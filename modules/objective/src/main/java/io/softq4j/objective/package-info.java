/**
 * This package defines what training minimises over the tokens of a {@link io.softq4j.objective.Batch}, and how the training loop uses it.
 */
package io.softq4j.objective;
