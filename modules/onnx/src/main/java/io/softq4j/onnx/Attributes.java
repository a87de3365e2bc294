package io.softq4j.onnx;

import java.util.Arrays;
import onnx.Onnx.AttributeProto;

/** Attributes of ONNX nodes. */
final class Attributes {

    private Attributes() {
    }

    static AttributeProto integer(String name, long value) {
        return AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.INT).setI(value).build();
    }

    static AttributeProto integers(String name, long... values) {
        return AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.INTS)
                .addAllInts(Arrays.stream(values).boxed().toList()).build();
    }
}
