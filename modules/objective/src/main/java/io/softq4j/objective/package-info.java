/** What training minimises over the tokens of a {@link io.softq4j.objective.Batch}: what the training loop sees of every objective. */
package io.softq4j.objective;
