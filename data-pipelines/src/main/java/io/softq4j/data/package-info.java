/**
 * From a corpus to token stores: {@link io.softq4j.data.Preparation} finds the files, takes the rows for a shape, trains or reads the tokenizer and
 * runs the {@link io.softq4j.data.Pipeline}, a DataVec {@code TransformProcess}. {@link io.softq4j.data.Records} reads the same rows in the same way
 * for evaluation and generation. DataVec is known in this package and those below it only.
 */
package io.softq4j.data;
