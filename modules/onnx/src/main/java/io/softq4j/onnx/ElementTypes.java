package io.softq4j.onnx;

import io.softq4j.common.UserError;
import onnx.Onnx.TensorProto;
import org.nd4j.linalg.api.buffer.DataType;

/** ND4J types in ONNX. All integers become int64: that is what ONNX uses for shapes and indices and what its clients feed. */
final class ElementTypes {

    private ElementTypes() {
    }

    /** @param variable named in the error */
    static TensorProto.DataType of(DataType type, String variable) {
        return switch (type) {
            case FLOAT -> TensorProto.DataType.FLOAT;
            case INT, LONG -> TensorProto.DataType.INT64;
            case BOOL -> TensorProto.DataType.BOOL;
            default -> throw new UserError("cannot export '" + variable + "' of type " + type
                    + " to ONNX: the exporter knows FLOAT, INT, LONG and BOOL. Build the model in FLOAT (float32)");
        };
    }
}
