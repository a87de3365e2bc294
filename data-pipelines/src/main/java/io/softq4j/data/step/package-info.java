/** The steps of a pipeline: DataVec transforms and filters that take rows of text to token ids. */
package io.softq4j.data.step;
