package io.softq4j.onnx;

import java.nio.FloatBuffer;

/** Something that computes logits. */
interface Scorer {

    /** Logits {@code [B, T, V]} of a batch; valid until the next call. */
    FloatBuffer logits(TokenBatch batch);
}
