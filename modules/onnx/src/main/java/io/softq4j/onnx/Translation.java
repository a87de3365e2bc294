package io.softq4j.onnx;

/** Writes one SameDiff op as ONNX nodes. */
@FunctionalInterface
interface Translation {

    /** Adds nodes to {@code out} that compute the op's outputs, under their names, from its inputs. */
    void translate(Node node, OnnxGraph out);
}
