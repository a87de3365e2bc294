package io.softq4j.onnx;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import onnx.Onnx.ModelProto;
import onnx.Onnx.StringStringEntryProto;
import onnx.Onnx.TensorProto;
import org.nd4j.shade.protobuf.UnsafeByteOperations;

/** Puts tensors into the model file, or, where they are too many bytes for protobuf, into a data file beside it (ONNX's external data). */
final class OnnxFiles {

    static final String MODEL = "model.onnx";
    static final String DATA = "model.onnx_data";

    /** Offsets in the data file are multiples of a page, so that a reader can map tensors into memory. */
    static final int ALIGNMENT = 4096;

    /** A tensor of fewer bytes stays in the model file: shape inference reads such constants. */
    static final int SMALLEST_EXTERNAL = 1024;

    private static final int CHUNK = 1 << 26;

    private OnnxFiles() {
    }

    /** Writes the model with its tensors; the model file is written last. */
    static void write(ModelProto.Builder model, List<Weight> weights, Path directory, long externalDataAbove) throws IOException {
        boolean external = weights.stream().mapToLong(Weight::bytes).sum() > externalDataAbove;
        if (external) {
            try (FileChannel data = FileChannel.open(directory.resolve(DATA), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                for (Weight weight : weights) {
                    model.getGraphBuilder().addInitializer(weight.bytes() < SMALLEST_EXTERNAL ? inline(weight) : external(weight, data));
                }
            }
        } else {
            weights.forEach(weight -> model.getGraphBuilder().addInitializer(inline(weight)));
        }
        try (OutputStream file = new BufferedOutputStream(Files.newOutputStream(directory.resolve(MODEL), StandardOpenOption.CREATE_NEW))) {
            model.build().writeTo(file);
        }
    }

    private static TensorProto.Builder header(Weight weight) {
        return TensorProto.newBuilder().setName(weight.name()).setDataType(weight.type().getNumber()).addAllDims(weight.shape());
    }

    private static TensorProto inline(Weight weight) {
        ByteBuffer bytes = weight.view(0, Math.toIntExact(weight.bytes()));
        return header(weight).setRawData(UnsafeByteOperations.unsafeWrap(bytes)).build();
    }

    private static TensorProto external(Weight weight, FileChannel data) throws IOException {
        long end = data.position();
        long start = (end + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        data.write(ByteBuffer.allocate((int) (start - end)));
        for (long offset = 0; offset < weight.bytes(); offset += CHUNK) {
            ByteBuffer chunk = weight.view(offset, (int) Math.min(CHUNK, weight.bytes() - offset));
            while (chunk.hasRemaining()) {
                data.write(chunk);
            }
        }
        return header(weight).setDataLocation(TensorProto.DataLocation.EXTERNAL)
                .addExternalData(entry("location", DATA))
                .addExternalData(entry("offset", Long.toString(start)))
                .addExternalData(entry("length", Long.toString(weight.bytes())))
                .build();
    }

    private static StringStringEntryProto entry(String key, String value) {
        return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
    }
}
