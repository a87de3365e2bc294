/** The directory of a run: its record, checkpoints, metrics and the finished model. */
package io.softq4j.training.run;
