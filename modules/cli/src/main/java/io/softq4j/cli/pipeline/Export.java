package io.softq4j.cli.pipeline;

import io.softq4j.common.AtomicFiles;
import io.softq4j.common.UserError;
import io.softq4j.model.ModelConfig;
import io.softq4j.model.weights.DType;
import io.softq4j.onnx.OnnxExport;
import io.softq4j.onnx.OnnxOptions;
import io.softq4j.onnx.ParityReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;

/** A model as an ONNX directory, the files beside its weights kept. */
public final class Export {

    private Export() {
    }

    /**
     * Exports, checks, and only then puts the directory in its place.
     *
     * @throws UserError if the model has an encoder, ONNX Runtime does not compute the same, or {@code out} holds something that is no export
     */
    public static ParityReport run(ModelDirectory model, Path out) {
        ModelConfig size = model.model().config();
        if (size.encoderDecoder().isPresent()) {
            throw new UserError("cannot export " + model.path() + " to ONNX: its model_type is '" + size.modelType() + "', of encoder and decoder, and "
                    + "only models of one stack can be exported. The directory is in Hugging Face's layout; export it with a tool of theirs.");
        }
        requireReplaceable(out);
        KeptFiles kept = KeptFiles.of(model.path()).with(DType.F32);
        AtomicReference<ParityReport> report = new AtomicReference<>();
        AtomicFiles.writeDirectory(out, directory -> {
            OnnxOptions options = OnnxOptions.of(size.modelType(), size.contextLength());
            report.set(OnnxExport.write(model.model().standardGraph(), model.model().graph(), directory, options));
            kept.write(directory);
        });
        return report.get();
    }

    private static void requireReplaceable(Path out) {
        try {
            if (Files.isDirectory(out) && !Files.exists(out.resolve(OnnxExport.PARITY))) {
                try (var files = Files.list(out)) {
                    if (files.findAny().isPresent()) {
                        throw new UserError(out + " is not empty and holds no earlier export, so it is not replaced. Choose another directory.");
                    }
                }
            }
        } catch (IOException e) {
            throw new UserError("cannot read " + out + ": " + e.getMessage(), e);
        }
    }
}
