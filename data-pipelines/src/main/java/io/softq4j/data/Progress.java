package io.softq4j.data;

/** Is told how far a preparation is, often; drawing less often is the listener's business. */
@FunctionalInterface
public interface Progress {

    /** The parts of a preparation, in order; those that do not apply are left out. */
    enum Stage {
        /** Reading the corpus for the tokenizer; bytes. */
        COUNT_WORDS,
        /** Training the tokenizer; tokens of the vocabulary. */
        LEARN_MERGES,
        /** Writing the training store; bytes of the corpus. */
        WRITE_TRAIN,
        /** Writing the validation store; bytes of the corpus. */
        WRITE_VALIDATION
    }

    Progress NONE = (stage, done, total) -> { };

    /**
     * Called on the thread that prepares.
     *
     * @param stage the part
     * @param done  from 0 to {@code total}, in the unit of the stage
     * @param total the end; the stage may end before it
     */
    void at(Stage stage, long done, long total);
}
