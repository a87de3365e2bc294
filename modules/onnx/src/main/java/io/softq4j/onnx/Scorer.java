package io.softq4j.onnx;

/** Something that computes logits. */
interface Scorer {

    /** Logits {@code [B, T, V]} of a batch. */
    float[] logits(TokenBatch batch);
}
