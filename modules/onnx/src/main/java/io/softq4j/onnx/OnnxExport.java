package io.softq4j.onnx;

import io.softq4j.common.AtomicFiles;
import io.softq4j.common.FileManifest;
import io.softq4j.common.Json;
import io.softq4j.common.Output;
import io.softq4j.common.UserError;
import io.softq4j.model.ModelGraph;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This class exports a trained model to an ONNX directory. The directory contains {@code model.onnx}, {@code model.onnx_data} if the
 * weights are too large for one file, {@code parity.json}, and {@code manifest.json}, from which files added by others are recognised. It
 * appears only after the files in it have passed {@link OnnxParity}.
 */
public final class OnnxExport {

    /** The report of the gate, beside the model. */
    public static final String PARITY = "parity.json";

    /** What an export may replace. */
    public static final Output.Earlier EARLIER = new Output.Earlier("export by softq (model.onnx, parity.json, manifest.json)",
            path -> Files.exists(path.resolve(OnnxFiles.MODEL)) && isReport(path.resolve(PARITY))
            && Files.exists(path.resolve(FileManifest.FILE)));

    private static final Logger LOG = LoggerFactory.getLogger(OnnxExport.class);

    private OnnxExport() {
    }

    /**
     * Exports and checks in a temporary directory, then puts it in the place of {@code directory}. An earlier export there is replaced;
     * whatever fails, it stays.
     *
     * @param standard  the model built with {@link io.softq4j.graph.Lowering#STANDARD} in float32; its weights are exported
     * @param reference the model as trained, usually fused, with the same weights
     * @param directory the result; absent, empty or an earlier export
     * @return the passed report
     * @throws ParityFailure if the file differs from the reference
     * @throws UserError     if the graph cannot be exported, or the directory holds something else or cannot be written
     */
    public static ParityReport export(ModelGraph standard, ModelGraph reference, Path directory, OnnxOptions options) {
        Output.at(directory).requireDirectory(EARLIER);
        ParityReport[] report = new ParityReport[1];
        AtomicFiles.writeDirectory(directory, staging -> {
            report[0] = write(standard, reference, staging, options);
            FileManifest.write(staging);
        });
        LOG.info("ONNX model in {}: largest difference of a logit {}, allowed {}, in {}", directory, report[0].maxDifference(),
                report[0].tolerance(),
                report[0].runtime());
        return report[0];
    }

    /**
     * The same into an existing directory that has none of these files, for a caller that adds files of its own and sees to it that all
     * appear at once, with a {@link FileManifest}. Where this throws, the directory may hold unchecked files and must be deleted.
     */
    public static ParityReport write(ModelGraph standard, ModelGraph reference, Path directory, OnnxOptions options) throws IOException {
        requireSame(standard, reference);
        OnnxExporter.export(standard, directory, options);
        ParityReport report = OnnxParity.check(directory.resolve(OnnxFiles.MODEL), reference, options);
        if (!report.passed()) {
            throw new ParityFailure(report);
        }
        Files.writeString(directory.resolve(PARITY), Json.pretty(report));
        return report;
    }

    private static boolean isReport(Path file) {
        try {
            return Files.exists(file) && Json.STRICT.readTree(file.toFile()).path("passed").asBoolean();
        } catch (IOException e) {
            return false;
        }
    }

    private static void requireSame(ModelGraph standard, ModelGraph reference) {
        if (!standard.parameters().equals(reference.parameters())) {
            throw new IllegalArgumentException("the graph to export and the reference have different parameters: " + standard.parameters()
                    + " and "
                    + reference.parameters());
        }
        for (String name : standard.parameters()) {
            long[] exported = standard.graph().getVariable(name).getArr().shape();
            long[] trained = reference.graph().getVariable(name).getArr().shape();
            if (!Arrays.equals(exported, trained)) {
                throw new IllegalArgumentException("parameter " + name + " is " + Arrays.toString(exported) + " in the graph to export, "
                        + Arrays.toString(trained) + " in the reference");
            }
        }
    }
}
