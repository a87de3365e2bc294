package io.softq4j.onnx;

import io.softq4j.model.ModelGraph;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.StringStringEntryProto;
import onnx.Onnx.TensorProto;
import org.nd4j.shade.protobuf.ByteString;
import org.nd4j.shade.protobuf.CodedInputStream;
import org.nd4j.shade.protobuf.WireFormat;

/**
 * The tensors of an ONNX file beside the parameters of their names, bit for bit: rounding may hide one wrong weight among millions from
 * whoever looks at logits. The file is read piece by piece, however large it is.
 */
final class FileWeights {

    private static final int CHUNK = 1 << 20;

    private final Path data;
    private final Map<String, Weight> parameters = new HashMap<>();
    private final List<String> different = new ArrayList<>();

    /** Reads what lies within a message of known length. */
    private interface Reader {
        void read(CodedInputStream in) throws IOException;
    }

    /** What to do at one field of a message; the others are skipped. */
    private interface Field {
        void read(CodedInputStream in, int number, int tag) throws IOException;
    }

    private FileWeights(Path data, ModelGraph model) {
        this.data = data;
        List<String> names = new ArrayList<>(model.parameters());
        names.addAll(model.frozen());
        names.forEach(name -> parameters.put(name, Weight.of(name, model.graph().getVariable(name).getArr())));
    }

    /** Names of the tensors in {@code file} that are not the parameters of {@code model}, in the order of the file. */
    static List<String> different(Path file, ModelGraph model) throws IOException {
        FileWeights weights = new FileWeights(file.resolveSibling(OnnxFiles.DATA), model);
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), CHUNK)) {
            CodedInputStream coded = CodedInputStream.newInstance(in);
            coded.setSizeLimit(Integer.MAX_VALUE);
            fields(coded, (model1, field, tag) -> nested(model1, field == ModelProto.GRAPH_FIELD_NUMBER, tag, graph ->
                    fields(graph, (graph1, part, partTag) -> nested(graph1, part == GraphProto.INITIALIZER_FIELD_NUMBER, partTag,
                            weights::tensor))));
        }
        return weights.different;
    }

    private static void fields(CodedInputStream in, Field field) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            field.read(in, WireFormat.getTagFieldNumber(tag), tag);
        }
    }

    private static void nested(CodedInputStream in, boolean wanted, int tag, Reader reader) throws IOException {
        if (!wanted) {
            in.skipField(tag);
            return;
        }
        int end = in.pushLimit(in.readRawVarint32());
        reader.read(in);
        in.popLimit(end);
    }

    /** Fields come in the order of their numbers: the name before the bytes, the bytes or where they are in the other file. */
    private void tensor(CodedInputStream in) throws IOException {
        String[] name = new String[1];
        Map<String, String> external = new HashMap<>();
        fields(in, (tensor, number, tag) -> {
            switch (number) {
                case TensorProto.NAME_FIELD_NUMBER -> name[0] = tensor.readString();
                case TensorProto.RAW_DATA_FIELD_NUMBER -> bytes(tensor, name[0]);
                case TensorProto.EXTERNAL_DATA_FIELD_NUMBER -> {
                    StringStringEntryProto entry = StringStringEntryProto.parseFrom(ByteString.copyFrom(tensor.readByteArray()));
                    external.put(entry.getKey(), entry.getValue());
                }
                default -> tensor.skipField(tag);
            }
        });
        if (!external.isEmpty() && parameters.containsKey(name[0])) {
            external(name[0], Long.parseLong(external.get("offset")), Long.parseLong(external.get("length")));
        }
    }

    private void bytes(CodedInputStream in, String name) throws IOException {
        int length = in.readRawVarint32();
        Weight parameter = parameters.get(name);
        if (parameter == null) {
            in.skipRawBytes(length);
            return;
        }
        boolean same = length == parameter.bytes();
        for (int at = 0; at < length; at += CHUNK) {
            byte[] chunk = in.readRawBytes(Math.min(CHUNK, length - at));
            same = same && ByteBuffer.wrap(chunk).equals(parameter.view(at, chunk.length));
        }
        judge(name, same);
    }

    private void external(String name, long offset, long length) throws IOException {
        Weight parameter = parameters.get(name);
        boolean same = length == parameter.bytes();
        try (FileChannel channel = FileChannel.open(data)) {
            InputStream in = Channels.newInputStream(channel.position(offset));
            for (long at = 0; same && at < length; at += CHUNK) {
                int size = (int) Math.min(CHUNK, length - at);
                same = ByteBuffer.wrap(in.readNBytes(size)).equals(parameter.view(at, size));
            }
        }
        judge(name, same);
    }

    private void judge(String name, boolean same) {
        if (!same) {
            different.add(name);
        }
    }
}
