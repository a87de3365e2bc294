package io.softq4j.training;

import io.softq4j.common.Streams;

/** A key of dropout for each micro-batch, a function of seed, step and index alone: a run that is resumed drops what it would have dropped. */
final class DropoutKeys {

    private DropoutKeys() {
    }

    /** @return not 0, which switches dropout off @param step updates before @param microBatch of the step, from 0 */
    static int of(long seed, long step, int microBatch) {
        int key = (int) (Streams.seed("dropout", seed, step, microBatch) >>> 32);
        return key != 0 ? key : 1;
    }
}
