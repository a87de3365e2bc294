package io.softq4j.training;

/** A key of dropout for each micro-batch, a function of seed, step and index alone: a run that is resumed drops what it would have dropped. */
final class DropoutKeys {

    private DropoutKeys() {
    }

    /** @return not 0, which switches dropout off @param step updates before @param microBatch of the step, from 0 */
    static int of(long seed, long step, int microBatch) {
        long mixed = Mix.of(Mix.of(Mix.of(seed) ^ step) + 0x9e3779b97f4a7c15L * (microBatch + 1));
        int key = (int) (mixed >>> 32);
        return key != 0 ? key : 1;
    }
}
