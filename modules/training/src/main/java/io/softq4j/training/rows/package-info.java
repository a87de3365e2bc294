/** From examples to the rows of a step: their order, packing and collating. */
package io.softq4j.training.rows;
