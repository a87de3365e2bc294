package io.softq4j.training.run;

import io.softq4j.model.weights.DType;

/** Precision of the finished model on the disk, with PyTorch's names; what is trained, and kept in checkpoints, is float32. */
public enum SaveDtype {
    /** Every bit. */
    FLOAT32(DType.F32),
    /** The nearest bfloat16, ties to even: half the space, 8 bits of precision. */
    BFLOAT16(DType.BF16);

    private final DType dtype;

    SaveDtype(DType dtype) {
        this.dtype = dtype;
    }

    /** What safetensors calls it. */
    public DType dtype() {
        return dtype;
    }
}
