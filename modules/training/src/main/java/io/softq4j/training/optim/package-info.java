/** Optimisers and the schedule of their learning rate. */
package io.softq4j.training.optim;
