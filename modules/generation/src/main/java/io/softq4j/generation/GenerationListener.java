package io.softq4j.generation;

/** Told how the work of a {@link Generator} goes on, by the thread that called it. */
@FunctionalInterface
public interface GenerationListener {

    /** So many more new tokens were made; of a beam search those of the sequences it returns, when it is done. */
    void made(int tokens);

    /**
     * A continuation has grown. Pieces are whole characters, hold no part of a stop string, and together are the text of the completion. A
     * beam search has none until it is done.
     *
     * @param prompt   index of the prompt
     * @param sequence number of the continuation
     * @param piece    the new text, not empty
     */
    default void grown(int prompt, int sequence, String piece) {
    }

    /** A continuation is finished. Those of different prompts may finish in any order; see {@link #grown} for the parameters. */
    default void finished(int prompt, int sequence, Completion completion) {
    }

    /** Asked before each token: whether to end all continuations where they are, and begin no more. */
    default boolean isStopped() {
        return false;
    }
}
