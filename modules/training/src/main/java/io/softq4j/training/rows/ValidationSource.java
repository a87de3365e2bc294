package io.softq4j.training.rows;

import io.softq4j.objective.Batch;
import java.util.stream.LongStream;

/** What a validation loss is measured on: the same batches at every validation. */
public interface ValidationSource {

    /** Rows that a validation reads. */
    long rows();

    /** Rows that there are; more than {@link #rows()} if only some are read. */
    long available();

    /** Numbers of the examples that a validation reads, from 0. */
    LongStream reads();

    /** The batches of a validation, each made when its turn comes. */
    Iterable<Batch> batches();
}
