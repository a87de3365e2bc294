package io.softq4j.benchmark;

import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.nio.file.Path;

/** Main class of the process in which ONNX Runtime decodes; arguments: shape, model file, threads. */
final class OnnxMain {

    private OnnxMain() {
    }

    public static void main(String[] args) {
        CommandServer.run(() -> {
            try {
                OnnxDecoderLoop loop = new OnnxDecoderLoop(ModelShape.parse(args[0]), Path.of(args[1]), Integer.parseInt(args[2]));
                return new CommandServer().on("name", arguments -> loop.name()).on("decode", arguments -> decode(loop));
            } catch (OrtException e) {
                throw new IOException(e);
            }
        });
    }

    private static Decoded decode(OnnxDecoderLoop loop) throws IOException {
        try {
            return loop.decode();
        } catch (OrtException e) {
            throw new IOException(e);
        }
    }
}
